import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import { api, body } from "../../api/client";
import type { InspectionHead } from "../../api/model";
import { LIST_OPTIONS } from "../../api/queries";
import { usePlace } from "../../app/usePlace";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { At } from "../../parts/Moments";
import { Page, Panel } from "../../parts/Page";
import { Pager } from "../../parts/Pager";
import { Rows, type Column } from "../../parts/Rows";
import { Await, Nothing } from "../../parts/States";

const NO_FILTERS = [] as const;
const ROWS_OF_A_PAGE = 20;

/** Kept inspections of real-name registration, newest first. */
export default function InspectionsPage() {
  const { t } = useWords();
  const control = usePlace(NO_FILTERS);
  const { after } = control.place;
  const inspections = useQuery({
    queryKey: ["inspections", after],
    queryFn: ({ signal }) => {
      const query = { limit: ROWS_OF_A_PAGE, ...(after === undefined ? {} : { cursor: after }) };
      return body(api.GET("/api/v1/inspections", { params: { query }, signal }));
    },
    ...LIST_OPTIONS,
  });
  const columns = useColumns();
  return (
    <Page title={t("inspections.title")} note={t("inspections.note")}>
      <Panel flush>
        <Await query={inspections} lines={8}>
          {({ rows, next_cursor }) =>
            rows.length === 0 ? (
              <Nothing title={t("inspections.none")} next={t("inspections.none_next")} />
            ) : (
              <>
                <Rows
                  caption={t("inspections.title")}
                  rows={rows}
                  columns={columns}
                  rowKey={(row) => String(row.id)}
                  rowTestId="inspection-row"
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

function useColumns(): Column<InspectionHead>[] {
  const { t, named, number, percent, period } = useInspectionWords();
  return [
    {
      key: "period",
      title: t("inspections.period"),
      onCard: "head",
      cell: (row) => <Link to={ways.inspection(row.id)}>{period(row)}</Link>,
    },
    { key: "cadence", title: t("inspections.cadence"), cell: (row) => named("cadence", row.cadence), onCard: "side" },
    { key: "enterprises", title: t("inspections.enterprises"), numeric: true, cell: (row) => number(row.enterprises) },
    { key: "failed", title: t("inspections.failed"), numeric: true, cell: (row) => number(row.failed) },
    { key: "joined", title: t("inspections.joined"), numeric: true, cell: (row) => number(row.joined) },
    {
      key: "unregistered",
      title: t("inspections.unregistered"),
      numeric: true,
      cell: (row) => number(row.unregistered),
    },
    { key: "in_use", title: t("inspections.in_use"), numeric: true, cell: (row) => number(row.in_use) },
    { key: "threshold", title: t("inspections.threshold"), numeric: true, cell: (row) => percent(row.threshold) },
    { key: "made", title: t("inspections.made"), nowrap: true, cell: (row) => <At at={row.made_at} /> },
  ];
}

/** Words, and how a period is written. */
export function useInspectionWords() {
  const words = useWords();
  const period = ({ since, until }: { since: string; until: string }) =>
    since === until
      ? words.day(since)
      : words.t("inspections.from_to", { since: words.day(since), until: words.day(until) });
  return { ...words, period };
}
