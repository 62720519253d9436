import type { CardDetail } from "../../api/model";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { HourChart } from "../../parts/charts/HourChart";
import { Facts } from "../../parts/Facts";
import { NumberLink } from "../../parts/NumberLink";
import { Panel } from "../../parts/Page";
import { Nothing } from "../../parts/States";
import styles from "./Card.module.css";

/** A day of the card in figures, and its hours; a bar leads to the records. */
export function CardUse({ usage, cardId }: { usage: CardDetail["usage"]; cardId: number }) {
  const { t, number, bytes, day } = useWords();
  if (usage === null) {
    return (
      <Panel title={t("card.use")} className={styles["wide"]}>
        <Nothing title={t("card.no_use")} next={t("card.no_use_next")} />
      </Panel>
    );
  }
  const toRecords = () => document.getElementById("records")?.scrollIntoView({ block: "start" });
  return (
    <Panel title={t("card.use")} note={day(usage.day)} className={styles["wide"]} testId="card-use">
      <Facts
        facts={[
          [t("card.use_records"), <NumberLink key="v" n={usage.records} to={ways.cardDay(cardId, usage.day)} />],
          [t("card.use_bytes"), bytes(usage.bytes)],
          [t("card.use_peers"), number(usage.peers)],
          [t("card.use_cells"), number(usage.cells)],
          [t("card.use_imeis"), number(usage.imeis)],
        ]}
      />
      {!usage.complete && <p>{t("card.use_incomplete")}</p>}
      {usage.records > 0 && (
        <HourChart name={t("card.use")} day={usage.day} values={usage.by_hour} height={140} onPick={toRecords} />
      )}
    </Panel>
  );
}
