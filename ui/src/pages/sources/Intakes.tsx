import type { IntakeRow } from "../../api/model";
import { useIntakes } from "../../api/queries";
import { useWords } from "../../i18n/language";
import { Chip, type Tone } from "../../parts/Marks";
import { Ago } from "../../parts/Moments";
import { Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import styles from "./Sources.module.css";

const TONES: Readonly<Record<IntakeRow["doing"], Tone>> = {
  watching: "good",
  taking: "low",
  stopped: "high",
  off: "plain",
};

/** What comes in by itself: the watched folder, the stream; how far behind, and what stops it. Nothing where none is. */
export function Intakes() {
  const { t, pick } = useWords();
  const rows = useIntakes().data?.rows ?? [];
  const columns = useIntakeColumns();
  if (rows.length === 0) return null;
  return (
    <div className={styles["above"]}>
      <Panel title={t("intake.title")} note={t("intake.note")} flush testId="intakes">
        {rows.map(
          (row) =>
            row.reason !== null && (
              <div key={row.kind} role="alert" className={styles["alert"]} data-stopped={row.doing === "stopped"}>
                <strong>{pick(row.reason)}</strong>
                {row.next_step !== null && <p>{pick(row.next_step)}</p>}
              </div>
            ),
        )}
        <Rows
          caption={t("intake.title")}
          rows={rows}
          columns={columns}
          rowKey={(row) => row.kind}
          rowTestId="intake-row"
        />
      </Panel>
    </div>
  );
}

function useIntakeColumns(): Column<IntakeRow>[] {
  const { t, number, bytes, named } = useWords();
  return [
    {
      key: "place",
      title: t("intake.place"),
      onCard: "head",
      cell: (row) => (
        <>
          <strong>{named("intake_kind", row.kind)}</strong> <span className={styles["detail"]}>{row.place}</span>
        </>
      ),
    },
    { key: "source", title: t("field.source"), cell: (row) => row.source },
    {
      key: "doing",
      title: t("intake.doing"),
      onCard: "side",
      cell: (row) => <Chip tone={TONES[row.doing]}>{named("intake_doing", row.doing)}</Chip>,
    },
    { key: "at", title: t("intake.at"), nowrap: true, cell: (row) => <Ago at={row.at} /> },
    {
      key: "waiting",
      title: t("intake.waiting"),
      numeric: true,
      cell: (row) => (row.waiting === 0 ? number(0) : `${number(row.waiting)} · ${bytes(row.waiting_bytes)}`),
    },
    { key: "oldest", title: t("intake.oldest"), nowrap: true, cell: (row) => <Ago at={row.oldest_at} /> },
    { key: "taken", title: t("intake.taken"), numeric: true, cell: (row) => number(row.taken) },
    { key: "refused", title: t("intake.refused"), numeric: true, cell: (row) => number(row.refused) },
    { key: "repeated", title: t("intake.repeated"), numeric: true, cell: (row) => number(row.repeated) },
  ];
}
