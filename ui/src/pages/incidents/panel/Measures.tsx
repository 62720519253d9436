import type { MeasureView } from "../../../api/model";
import { useWords } from "../../../i18n/language";
import { Chip } from "../../../parts/Marks";
import { Rows, type Column } from "../../../parts/Rows";
import styles from "../Incidents.module.css";

/** What was observed against which limit, and who set that limit. */
export function Measures({ measures }: { measures: readonly MeasureView[] }) {
  const { t, named } = useWords();
  const columns: Column<MeasureView>[] = [
    { key: "name", title: t("incident.measure"), onCard: "head", cell: (measure) => <code>{measure.name}</code> },
    { key: "observed", title: t("incident.observed"), cell: (measure) => <strong>{measure.observed}</strong> },
    { key: "limit", title: t("field.limit"), cell: (measure) => measure.limit },
    {
      key: "origin",
      title: t("field.origin"),
      onCard: "side",
      cell: (measure) => <Chip>{named("origin", measure.origin)}</Chip>,
    },
  ];
  return (
    <section className={styles["section"]} data-testid="panel-measures">
      <h3>{t("incident.measures")}</h3>
      <div className={styles["flush"]}>
        <Rows
          caption={t("incident.measures")}
          rows={measures}
          columns={columns}
          rowKey={(measure) => `${measure.name}-${measure.origin}`}
        />
      </div>
    </section>
  );
}
