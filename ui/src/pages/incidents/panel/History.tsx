import type { HistoryEntry } from "../../../api/model";
import { useWords } from "../../../i18n/language";
import { At } from "../../../parts/Moments";
import styles from "../Incidents.module.css";

/** Everything that happened to an incident, newest first. */
export function History({ entries }: { entries: readonly HistoryEntry[] }) {
  const { t } = useWords();
  return (
    <ol className={styles["history"]} data-testid="panel-history">
      {[...entries].reverse().map((entry) => (
        <li key={entry.id} data-kind={entry.kind}>
          <div>
            <Told entry={entry} />
          </div>
          <At at={entry.at} /> · {entry.actor ?? t("history.elsewhere")}
          {entry.text !== null && entry.text !== "" && <p className={styles["said"]}>{entry.text}</p>}
        </li>
      ))}
    </ol>
  );
}

function Told({ entry }: { entry: HistoryEntry }) {
  const { t, named } = useWords();
  switch (entry.kind) {
    case "opened":
      return t("history.opened");
    case "grown":
      return t("history.grown", { before: entry.before ?? "", after: entry.after ?? "" });
    case "assigned":
      return entry.after === null ? t("history.unassigned") : t("history.assigned", { name: entry.after });
    case "comment":
      return t("history.comment");
    default:
      return (
        <strong>
          {t("history.state", {
            event: named("incident_event", entry.event ?? ""),
            before: named("incident_state", entry.before ?? ""),
            after: named("incident_state", entry.after ?? ""),
          })}
        </strong>
      );
  }
}
