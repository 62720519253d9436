import { CheckCircleFilled, ClockCircleOutlined, CloseCircleFilled } from "@ant-design/icons";

import type { Coverage } from "../../api/model";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { Ago } from "../../parts/Moments";
import { NumberLink } from "../../parts/NumberLink";
import styles from "./Situation.module.css";

/** Whether the last traversal read every card and accounted for every record. */
export function CoverageLine({ coverage }: { coverage: Coverage | null }) {
  const { t, number, day } = useWords();
  if (coverage === null) {
    return (
      <div className={styles["coverage"]} data-testid="coverage">
        <ClockCircleOutlined aria-hidden />
        <strong>{t("coverage.none")}</strong>
        <span>{t("coverage.none_next")}</span>
      </div>
    );
  }
  return (
    <div className={styles["coverage"]} data-complete={coverage.complete} data-testid="coverage">
      {coverage.complete ? <CheckCircleFilled aria-hidden /> : <CloseCircleFilled aria-hidden />}
      <strong>{t(coverage.complete ? "coverage.complete" : "coverage.incomplete")}</strong>
      <span>
        {t("coverage.cards", {
          read: number(coverage.cards_read),
          expected: number(coverage.cards_expected),
          day: day(coverage.day),
        })}
      </span>
      <span>
        {t("coverage.records", { in: number(coverage.records_in), used: number(coverage.records_used) })}{" "}
        <NumberLink n={coverage.records_refused} to={ways.quarantine()} label={t("coverage.refused")} />{" "}
        {t("coverage.refused")}
      </span>
      <span>
        <NumberLink
          n={coverage.cards_unknown}
          to={ways.incidents({ rule: "R0.unknown_card" })}
          label={t("coverage.unknown")}
        />{" "}
        {t("coverage.unknown")}
      </span>
      <Ago at={coverage.at} />
    </div>
  );
}
