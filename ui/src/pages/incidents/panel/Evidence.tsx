import { Link } from "react-router";

import type { EvidenceView, IncidentDetail } from "../../../api/model";
import { useAreas } from "../../../api/queries";
import { useMay } from "../../../app/session";
import { ways } from "../../../app/ways";
import { useWords } from "../../../i18n/language";
import { At, Dash } from "../../../parts/Moments";
import { Rows, type Column } from "../../../parts/Rows";
import { Nothing } from "../../../parts/States";
import styles from "../Incidents.module.css";

/** Records kept with the incident that show the fault. */
export function Evidence({ incident }: { incident: IncidentDetail }) {
  const { t, tn } = useWords();
  const mayRecords = useMay("record:read");
  const columns = useEvidenceColumns();
  return (
    <section className={styles["section"]} data-testid="panel-evidence">
      <h3>{tn("incident.evidence", incident.records, { kept: incident.evidence.length })}</h3>
      {incident.card !== null && mayRecords && (
        <p style={{ marginBottom: 8 }}>
          <Link to={ways.cardDay(incident.card.id, incident.day)} data-testid="panel-records-link">
            {t("incident.all_records")}
          </Link>
        </p>
      )}
      <div className={styles["flush"]}>
        {incident.evidence.length === 0 ? (
          <Nothing title={t("incident.no_evidence")} />
        ) : (
          <Rows
            caption={t("incident.evidence_name")}
            rows={incident.evidence}
            columns={columns}
            rowKey={(record) => `${record.segment}-${record.row}`}
            rowTestId="evidence-row"
            asCards
          />
        )}
      </div>
    </section>
  );
}

/** Columns of evidence records. */
export function useEvidenceColumns(): Column<EvidenceView>[] {
  const { t, named, bytes, duration, pick } = useWords();
  const areas = useAreas();
  const areaName = (code: string) => {
    const area = areas.data?.rows.find((one) => one.code === code);
    return area === undefined ? code : pick(area.title);
  };
  return [
    { key: "at", title: t("field.time"), onCard: "head", nowrap: true, cell: (record) => <At at={record.at} /> },
    {
      key: "service",
      title: t("field.service"),
      onCard: "side",
      nowrap: true,
      cell: (record) => named("service", record.service),
    },
    {
      key: "peer",
      title: t("field.peer"),
      cell: (record) => (record.peer === "" ? <Dash /> : <code>{record.peer}</code>),
    },
    {
      key: "volume",
      title: t("incident.volume"),
      nowrap: true,
      cell: (record) =>
        record.service === "data"
          ? t("incident.up_down", { up: bytes(record.bytes_up), down: bytes(record.bytes_down) })
          : duration(record.duration_s),
    },
    {
      key: "imei",
      title: t("field.imei"),
      nowrap: true,
      cell: (record) => (record.imei === null ? <Dash /> : <code>{record.imei}</code>),
    },
    {
      key: "place",
      title: t("incident.place"),
      cell: (record) => (
        <>
          {record.area === null ? <Dash /> : areaName(record.area)}
          {record.cell !== null && (
            <>
              <br />
              <small>
                <code>{record.cell}</code>
              </small>
            </>
          )}
        </>
      ),
    },
  ];
}
