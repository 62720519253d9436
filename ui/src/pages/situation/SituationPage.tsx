import { useSituation } from "../../api/queries";
import type { Situation } from "../../api/model";
import { useWords } from "../../i18n/language";
import { HourChart } from "../../parts/charts/HourChart";
import { Page, Panel } from "../../parts/Page";
import { Await, Nothing } from "../../parts/States";
import { Areas } from "./Areas";
import { CoverageLine } from "./CoverageLine";
import { Figures } from "./Figures";
import { RuleTable } from "./RuleTable";
import styles from "./Situation.module.css";
import { SourceFreshness } from "./SourceFreshness";
import { Statistics } from "./Statistics";

export default function SituationPage() {
  const { t, day } = useWords();
  const situation = useSituation();
  const note = situation.data === undefined ? undefined : t("situation.note", { day: day(situation.data.day) });
  return (
    <Page title={t("situation.title")} note={note}>
      <Await query={situation} lines={14}>
        {(seen) => <Seen seen={seen} />}
      </Await>
    </Page>
  );
}

function Seen({ seen }: { seen: Situation }) {
  const { t } = useWords();
  return (
    <>
      <CoverageLine coverage={seen.coverage} />
      <Figures seen={seen} />
      <div className={styles["grid"]}>
        <div className={styles["column"]}>
          <Panel title={t("situation.by_rule")} note={t("situation.by_rule_note")} flush>
            <RuleTable rules={seen.incidents.by_rule} />
          </Panel>
          {seen.records !== null && (
            <Panel title={t("situation.by_hour")} note={t("situation.by_hour_note")}>
              {seen.records.total === 0 ? (
                <Nothing title={t("situation.no_records")} next={t("situation.no_records_next")} />
              ) : (
                <HourChart name={t("situation.by_hour")} day={seen.day} values={seen.records.by_hour} />
              )}
            </Panel>
          )}
        </div>
        <div className={styles["column"]}>
          <Areas areas={seen.areas} />
          <SourceFreshness sources={seen.sources} />
        </div>
      </div>
      <Statistics />
    </>
  );
}
