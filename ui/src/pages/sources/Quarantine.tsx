import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useLocation } from "react-router";

import { api, body } from "../../api/client";
import type { QuarantineRow, SourceRow } from "../../api/model";
import { LIST_OPTIONS } from "../../api/queries";
import { usePlace } from "../../app/usePlace";
import { useWords } from "../../i18n/language";
import { FilterBar, Pick } from "../../parts/Filters";
import { At, Dash } from "../../parts/Moments";
import { Panel } from "../../parts/Page";
import { Pager } from "../../parts/Pager";
import { Rows, type Column } from "../../parts/Rows";
import { Await, Nothing } from "../../parts/States";
import styles from "./Sources.module.css";

const FILTERS = ["source"] as const;

/** What sources sent that could not be used: where it stands in which file, and why. */
export function Quarantine({ sources }: { sources: readonly SourceRow[] }) {
  const { t } = useWords();
  const control = usePlace(FILTERS);
  const { filters, after } = control.place;
  const { hash } = useLocation();
  const source = /^\d+$/.test(filters.source ?? "") ? Number(filters.source) : undefined;
  const quarantine = useQuery({
    queryKey: ["sources", "quarantine", source, after],
    queryFn: ({ signal }) => {
      const query = { ...(source === undefined ? {} : { source }), ...(after === undefined ? {} : { cursor: after }) };
      return body(api.GET("/api/v1/quarantine", { params: { query }, signal }));
    },
    ...LIST_OPTIONS,
  });
  useEffect(() => {
    if (hash === "#quarantine") document.getElementById("quarantine")?.scrollIntoView();
  }, [hash, source]);
  const columns = useQuarantineColumns();
  return (
    <div id="quarantine" className={styles["below"]}>
      <Panel title={t("quarantine.title")} note={t("quarantine.note")} flush testId="quarantine">
        <FilterBar onClear={filters.source === undefined ? undefined : control.clear}>
          <Pick
            name={t("field.source")}
            value={filters.source}
            onChange={(next) => control.filter({ source: next })}
            choices={sources.map(({ id, name }) => ({ value: String(id), label: name }))}
          />
        </FilterBar>
        <Await query={quarantine} lines={6}>
          {({ rows, next_cursor }) =>
            rows.length === 0 ? (
              <Nothing title={t("quarantine.none")} next={t("quarantine.none_next")} />
            ) : (
              <>
                <Rows
                  caption={t("quarantine.title")}
                  rows={rows}
                  columns={columns}
                  rowKey={(row) => String(row.id)}
                  rowTestId="quarantine-row"
                />
                <Pager control={control} shown={rows.length} nextCursor={next_cursor} />
              </>
            )
          }
        </Await>
      </Panel>
    </div>
  );
}

function useQuarantineColumns(): Column<QuarantineRow>[] {
  const { t, pick } = useWords();
  return [
    {
      key: "name",
      title: t("quarantine.file"),
      onCard: "head",
      cell: (row) => <span className={styles["file"]}>{row.name}</span>,
    },
    {
      key: "reason",
      title: t("quarantine.reason"),
      width: "38%",
      cell: (row) => (
        <>
          {pick(row.reason)}
          <div className={styles["detail"]}>{pick(row.next_step)}</div>
          {row.detail !== "" && <div className={styles["detail"]}>{row.detail}</div>}
          <code className={styles["code"]}>{row.reason_code}</code>
        </>
      ),
    },
    { key: "place", title: t("quarantine.place"), cell: (row) => <Where row={row} /> },
    {
      key: "sample",
      title: t("quarantine.sample"),
      cell: (row) =>
        row.sample_hex === "" ? (
          <Dash />
        ) : (
          <code className={styles["sample"]} title={row.sample_hex}>
            {row.sample_hex.replace(/(..)(?=.)/g, "$1 ")}
          </code>
        ),
    },
    { key: "source", title: t("field.source"), onCard: "side", nowrap: true, cell: (row) => row.source.name },
    { key: "at", title: t("field.time"), nowrap: true, cell: (row) => <At at={row.at} /> },
  ];
}

/** The place in the file, as exactly as the decoder knew it. */
function Where({ row }: { row: QuarantineRow }) {
  const { t, number } = useWords();
  const known: string[] = [];
  if (row.record_index !== null) known.push(t("quarantine.record", { n: number(row.record_index) }));
  if (row.offset !== null) known.push(t("quarantine.byte", { n: number(row.offset) }));
  if (row.field !== "") known.push(t("quarantine.field", { name: row.field }));
  return (
    <>
      {known.length === 0 ? t("quarantine.whole") : known.join(" · ")}
      {row.tag_path !== "" && (
        <div>
          <code>{row.tag_path}</code>
        </div>
      )}
    </>
  );
}
