import { useQuery } from "@tanstack/react-query";

import { api, body } from "../../api/client";
import type { AuditRow } from "../../api/model";
import { LIST_OPTIONS } from "../../api/queries";
import { usePlace } from "../../app/usePlace";
import { useWords } from "../../i18n/language";
import { FilterBar, Find } from "../../parts/Filters";
import { At, Dash } from "../../parts/Moments";
import { Page, Panel } from "../../parts/Page";
import { Pager } from "../../parts/Pager";
import { Rows, type Column } from "../../parts/Rows";
import { Await, Nothing } from "../../parts/States";

const FILTERS = ["subject"] as const;

export default function AuditPage() {
  const { t } = useWords();
  const control = usePlace(FILTERS);
  const { filters, after } = control.place;
  const audit = useQuery({
    queryKey: ["audit", filters, after],
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/audit", {
          params: { query: { ...filters, ...(after === undefined ? {} : { cursor: after }) } },
          signal,
        }),
      ),
    ...LIST_OPTIONS,
  });
  const columns = useAuditColumns();
  return (
    <Page title={t("audit.title")} note={t("audit.note")}>
      <Panel flush>
        <FilterBar onClear={filters.subject === undefined ? undefined : control.clear}>
          <Find
            value={filters.subject}
            onChange={(subject) => control.filter({ subject }, true)}
            label={t("audit.find")}
            testId="audit-search"
          />
        </FilterBar>
        <Await query={audit} lines={12}>
          {({ rows, next_cursor }) =>
            rows.length === 0 ? (
              <Nothing title={t("audit.none")} />
            ) : (
              <>
                <Rows
                  caption={t("audit.title")}
                  rows={rows}
                  columns={columns}
                  rowKey={(row) => `${row.at}-${row.actor}-${row.action}-${row.subject}-${rows.indexOf(row)}`}
                  rowTestId="audit-row"
                />
                <Pager control={control} shown={rows.length} nextCursor={next_cursor} />
              </>
            )
          }
        </Await>
      </Panel>
    </Page>
  );
}

function useAuditColumns(): Column<AuditRow>[] {
  const { t } = useWords();
  return [
    { key: "at", title: t("field.time"), nowrap: true, onCard: "side", cell: (row) => <At at={row.at} /> },
    { key: "actor", title: t("audit.actor"), nowrap: true, cell: (row) => row.actor },
    { key: "action", title: t("audit.action"), nowrap: true, onCard: "head", cell: (row) => <code>{row.action}</code> },
    { key: "subject", title: t("audit.subject"), nowrap: true, cell: (row) => <code>{row.subject}</code> },
    { key: "enterprise", title: t("field.enterprise"), cell: (row) => row.enterprise?.name ?? <Dash /> },
    { key: "detail", title: t("audit.detail"), cell: (row) => <Detail detail={row.detail} /> },
  ];
}

function Detail({ detail }: { detail: AuditRow["detail"] }) {
  const given = Object.entries(detail).filter(([, value]) => value !== null && value !== "");
  if (given.length === 0) return <Dash />;
  return (
    <span style={{ overflowWrap: "anywhere" }}>
      {given.map(([name, value]) => `${name}=${String(value)}`).join(" · ")}
    </span>
  );
}
