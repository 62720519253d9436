import { Link } from "react-router";

import type { IncidentRow } from "../../api/model";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { Severity, StateChip } from "../../parts/Marks";
import { Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Nothing } from "../../parts/States";

export function CardIncidents({ incidents, cardId }: { incidents: readonly IncidentRow[]; cardId: number }) {
  const { t, pick, day } = useWords();
  const columns: Column<IncidentRow>[] = [
    {
      key: "severity",
      title: t("field.severity"),
      onCard: "none",
      bare: true,
      width: "1%",
      cell: (incident) => <Severity value={incident.severity} short />,
    },
    {
      key: "title",
      title: t("field.incident"),
      onCard: "head",
      cell: (incident) => (
        <Link to={ways.incident(incident.id)} data-testid="card-incident">
          {pick(incident.title)}
        </Link>
      ),
    },
    { key: "day", title: t("field.day"), nowrap: true, cell: (incident) => day(incident.day) },
    { key: "state", title: t("field.state"), onCard: "side", cell: (incident) => <StateChip state={incident.state} /> },
  ];
  return (
    <Panel
      title={t("nav.incidents")}
      note={
        incidents.length > 0 && <Link to={ways.incidents({ card: String(cardId) })}>{t("card.all_incidents")}</Link>
      }
      flush
      testId="card-incidents"
    >
      {incidents.length === 0 ? (
        <Nothing title={t("card.no_incidents")} next={t("card.no_incidents_next")} />
      ) : (
        <Rows
          caption={t("nav.incidents")}
          rows={incidents}
          columns={columns}
          rowKey={(incident) => String(incident.id)}
        />
      )}
    </Panel>
  );
}
