import { useAreas, useCardClasses, useEnterprises, type StatisticsFilters } from "../../api/queries";
import { usePlace } from "../../app/usePlace";
import { STATISTICS_FILTERS } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { FilterBar, Pick } from "../../parts/Filters";
import { Panel } from "../../parts/Page";
import { Development } from "./Development";
import { Security } from "./Security";
import styles from "./Situation.module.css";

const DAYS = ["7", "30", "90", "365"] as const;
const USUAL_DAYS = "30";
const DAY_MS = 86_400_000;

/** Development and security by operator, class, region and time; the filters live in the address. */
export function Statistics() {
  const { t, pick } = useWords();
  const control = usePlace(STATISTICS_FILTERS);
  const { filters } = control.place;
  const operators = (useEnterprises().data?.rows ?? []).filter(({ kind }) => kind === "operator");
  const classes = useCardClasses().data?.rows ?? [];
  const areas = useAreas().data?.rows ?? [];
  const days = DAYS.find((one) => one === filters.days) ?? USUAL_DAYS;
  const { operator, card_class, area } = filters;
  const asked: StatisticsFilters = {
    ...(operator === undefined ? {} : { operator }),
    ...(card_class === undefined ? {} : { card_class }),
    ...(area === undefined ? {} : { area }),
    ...lastDays(Number(days)),
  };
  return (
    <section className={styles["statistics"]} data-testid="statistics">
      <Panel title={t("statistics.title")} note={t("statistics.note")} flush>
        <FilterBar onClear={Object.keys(filters).length > 0 ? control.clear : undefined}>
          <Pick
            name={t("statistics.days")}
            value={days}
            onChange={(next) => control.filter({ days: next })}
            choices={DAYS.map((value) => ({ value, label: t("statistics.last_days", { n: value }) }))}
            testId="statistics-days"
          />
          <Pick
            name={t("field.operator")}
            value={operator}
            onChange={(next) => control.filter({ operator: next })}
            choices={operators.map(({ code, name }) => ({ value: code, label: name }))}
            testId="statistics-operator"
          />
          <Pick
            name={t("field.card_class")}
            value={card_class}
            onChange={(next) => control.filter({ card_class: next })}
            choices={classes.map(({ code, title }) => ({ value: code, label: pick(title) }))}
          />
          <Pick
            name={t("field.area")}
            value={area}
            onChange={(next) => control.filter({ area: next })}
            choices={areas.map(({ code, title }) => ({ value: code, label: pick(title) }))}
          />
        </FilterBar>
      </Panel>
      <div className={styles["halves"]}>
        <Development asked={asked} days={Number(days)} />
        <Security asked={asked} />
      </div>
    </section>
  );
}

/** UTC days, today the last. */
function lastDays(days: number): { since: string; until: string } {
  const now = Date.now();
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return { since: day(now - (days - 1) * DAY_MS), until: day(now) };
}
