import { Link, useLocation } from "react-router";

import type { IncidentRow } from "../../api/model";
import { writePlace, type Place } from "../../app/place";
import { useMay } from "../../app/session";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { Severity, StateChip } from "../../parts/Marks";
import { Ago, Dash } from "../../parts/Moments";
import { NumberLink } from "../../parts/NumberLink";
import type { Column } from "../../parts/Rows";
import styles from "./Incidents.module.css";
import { Subject } from "./Subject";

/** Columns of the queue; `slim` when the panel stands beside it. */
export function useIncidentColumns(place: Place<string>, slim: boolean): Column<IncidentRow>[] {
  const { t, pick, day } = useWords();
  const mayRecords = useMay("record:read");
  const { state } = useLocation() as { state: unknown };
  const all: Column<IncidentRow>[] = [
    {
      key: "severity",
      title: t("field.severity"),
      onCard: "side",
      nowrap: true,
      bare: slim,
      cell: (row) => <Severity value={row.severity} short={slim} />,
    },
    {
      key: "title",
      title: t("field.incident"),
      onCard: "head",
      cell: (row) => (
        <Link
          to={{ search: writePlace({ ...place, open: String(row.id) }).toString() }}
          replace={place.open !== undefined}
          preventScrollReset
          state={state}
          className={`${styles["title"]} ${slim ? styles["slim"] : ""}`}
          data-testid="incident-open"
        >
          {pick(row.title)}
          <code className={styles["rule"]}>
            {row.rule} · #{row.id}
            {slim && (
              <>
                {" · "}
                <Ago at={row.opened_at} />
              </>
            )}
          </code>
        </Link>
      ),
    },
    { key: "subject", title: t("field.subject"), nowrap: true, cell: (row) => <Subject incident={row} /> },
    {
      key: "holder",
      title: t("field.holder"),
      cell: (row) => (row.holder === null ? <Dash /> : <Holder name={row.holder.name} />),
    },
    {
      key: "records",
      title: t("incident.records"),
      numeric: true,
      cell: (row) => (
        <NumberLink n={row.records} to={row.card === null || !mayRecords ? null : ways.cardDay(row.card.id, row.day)} />
      ),
    },
    { key: "day", title: t("field.day"), nowrap: true, cell: (row) => day(row.day) },
    { key: "opened", title: t("incident.opened"), nowrap: true, cell: (row) => <Ago at={row.opened_at} /> },
    { key: "assignee", title: t("field.assignee"), nowrap: true, cell: (row) => row.assignee ?? <Dash /> },
    {
      key: "state",
      title: t("field.state"),
      onCard: "side",
      nowrap: true,
      cell: (row) => <StateChip state={row.state} />,
    },
  ];
  const slimKeys = new Set(["severity", "title", "subject", "state"]);
  return slim ? all.filter((column) => slimKeys.has(column.key)) : all;
}

function Holder({ name }: { name: string }) {
  return (
    <span className={styles["holder"]} title={name}>
      {name}
    </span>
  );
}
