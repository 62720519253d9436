import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";

import { api, body } from "../../api/client";
import type { InspectionHead, NoticeRow } from "../../api/model";
import { ways } from "../../app/ways";
import { Facts } from "../../parts/Facts";
import { At, Dash } from "../../parts/Moments";
import { Page, Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Await, Nothing } from "../../parts/States";
import { Files } from "./Files";
import styles from "./Inspections.module.css";
import { useInspectionWords } from "./InspectionsPage";
import { Verdict } from "./Verdict";

/** One inspection: every enterprise with cards that joined, the worst first. */
export default function InspectionPage() {
  const { t, tn, period } = useInspectionWords();
  const id = Number(useParams()["id"]);
  const inspection = useQuery({
    queryKey: ["inspection", id],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/inspections/{inspection_id}", { params: { path: { inspection_id: id } }, signal })),
  });
  const columns = useColumns(id);
  const seen = inspection.data;
  return (
    <Page
      title={t("inspections.one")}
      note={seen === undefined ? undefined : period(seen.inspection)}
      actions={<Files path={ways.inspection(id)} />}
    >
      <Await query={inspection} lines={12}>
        {({ inspection: head, notices, notices_total }) => (
          <div className={styles["stack"]}>
            <Head head={head} />
            <Panel title={t("inspections.by_enterprise")} flush>
              {notices.length === 0 ? (
                <Nothing title={t("inspections.nobody")} next={t("inspections.nobody_next")} />
              ) : (
                <Rows
                  caption={t("inspections.by_enterprise")}
                  rows={notices}
                  columns={columns}
                  rowKey={(row) => String(row.enterprise.id)}
                  rowTestId="notice-row"
                />
              )}
              {notices_total > notices.length && (
                <p className={styles["more"]}>{tn("inspections.more", notices_total - notices.length)}</p>
              )}
            </Panel>
          </div>
        )}
      </Await>
    </Page>
  );
}

/** The figures of an inspection. */
function Head({ head }: { head: InspectionHead }) {
  const { t, named, number, percent } = useInspectionWords();
  return (
    <Panel>
      <Facts
        facts={[
          [t("inspections.cadence"), named("cadence", head.cadence)],
          [t("inspections.made"), <At key="v" at={head.made_at} />],
          [t("inspections.threshold"), percent(head.threshold)],
          [t("inspections.joined"), number(head.joined)],
          [t("inspections.registered"), number(head.registered)],
          [t("inspections.unregistered"), number(head.unregistered)],
          [t("inspections.in_use"), number(head.in_use)],
          [t("inspections.assumed"), number(head.assumed)],
        ]}
      />
      {head.assumed > 0 && <p className={styles["assumed"]}>{t("inspections.assumed_note")}</p>}
    </Panel>
  );
}

function useColumns(id: number): Column<NoticeRow>[] {
  const { t, number, share } = useShare();
  return [
    {
      key: "enterprise",
      title: t("field.enterprise"),
      onCard: "head",
      cell: ({ enterprise }) => <Link to={ways.notice(id, enterprise.id)}>{enterprise.name}</Link>,
    },
    {
      key: "verdict",
      title: t("inspections.verdict"),
      onCard: "side",
      cell: (row) => <Verdict verdict={row.verdict} />,
    },
    { key: "joined", title: t("inspections.joined"), numeric: true, cell: (row) => number(row.joined) },
    { key: "registered", title: t("inspections.registered"), numeric: true, cell: (row) => number(row.registered) },
    {
      key: "unregistered",
      title: t("inspections.unregistered"),
      numeric: true,
      cell: (row) => number(row.unregistered),
    },
    { key: "share", title: t("inspections.share"), numeric: true, cell: (row) => share(row.share) },
    { key: "in_use", title: t("inspections.in_use"), numeric: true, cell: (row) => number(row.in_use) },
    {
      key: "longest",
      title: t("inspections.longest"),
      nowrap: true,
      cell: (row) => (row.longest_since === null ? <Dash /> : <At at={row.longest_since} />),
    },
    { key: "assumed", title: t("inspections.assumed"), numeric: true, cell: (row) => number(row.assumed) },
    { key: "undated", title: t("inspections.undated"), numeric: true, cell: (row) => number(row.undated) },
  ];
}

/** A share is cut, not rounded: 99.99 % is never shown as all. */
export function useShare() {
  const words = useInspectionWords();
  const share = (value: number | null) =>
    value === null ? <Dash /> : words.percent(Math.floor(value * 1000 + 1e-9) / 1000);
  return { ...words, share };
}
