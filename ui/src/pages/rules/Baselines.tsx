import { WarningOutlined } from "@ant-design/icons";
import { Segmented } from "antd";
import { useState } from "react";
import { Link } from "react-router";

import type { BaselineUse, ClassBaseline, ClassBaselineRows } from "../../api/model";
import { isStatus } from "../../api/problem";
import { useBaselines } from "../../api/queries";
import { useMay } from "../../app/session";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { Dash } from "../../parts/Moments";
import { Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Await, Nothing } from "../../parts/States";
import styles from "./Baselines.module.css";
import { busiestHour, endOfScale, METRICS, metricOf, QUANTILES, quantilesOf, smallestLimit } from "./quantiles";
import type { Metric } from "./quantiles";
import { HourMarks, QuantileBar } from "./QuantileBar";

/** What is usual of each class of cards, and which rules take a limit from it. */
export function Baselines() {
  const { t } = useWords();
  const mayRead = useMay("source:read");
  const baselines = useBaselines();
  if (!mayRead) return null;
  const ofAll = isStatus(baselines.error, 403);
  return (
    <Panel title={t("baselines.title")} flush testId="baselines">
      {ofAll ? (
        <Nothing title={t("baselines.not_of_all")} next={t("baselines.not_of_all_next")} />
      ) : (
        <Await query={baselines} lines={6}>
          {(seen) => (
            <>
              {seen.damaged !== null && <Damaged texts={seen.damaged} />}
              {seen.computed_at === null || seen.rows.length === 0 ? (
                <Nothing title={t("baselines.none")} next={t("baselines.none_next")} />
              ) : (
                <Counted seen={seen} />
              )}
              <Uses uses={seen.uses} />
            </>
          )}
        </Await>
      )}
    </Panel>
  );
}

/** The last good ones are in force, since newer ones are damaged. */
function Damaged({ texts }: { texts: Readonly<Record<string, string>> }) {
  const { t, pick } = useWords();
  return (
    <p role="alert" className={styles["damaged"]} data-testid="baselines-damaged">
      <WarningOutlined aria-hidden /> {t("baselines.damaged")} {pick(texts)}
    </p>
  );
}

function Counted({ seen }: { seen: ClassBaselineRows }) {
  const { t, number, day, dateTime } = useWords();
  const [metric, setMetric] = useState<Metric>("bytes");
  const written = useWritten(metric);
  const most = endOfScale(seen.rows, seen.uses, metric);
  const columns = useColumns(seen, metric, most);
  const marked = seen.rows.some((row) => smallestLimit(seen.uses, metric, row.card_class.id) !== undefined);
  return (
    <>
      <div className={styles["lead"]}>
        <p data-testid="baselines-of">
          {t("baselines.of", {
            n: number(seen.days.length),
            since: day(seen.days[0] ?? ""),
            until: day(seen.days.at(-1) ?? ""),
            card_days: number(seen.card_days),
            at: dateTime(seen.computed_at ?? ""),
          })}
        </p>
        <Segmented<Metric>
          size="small"
          value={metric}
          onChange={setMetric}
          options={METRICS.map((value) => ({ value, label: t(`baseline_metric.${value}`) }))}
          aria-label={t("baselines.measure")}
          data-testid="baselines-measure"
        />
      </div>
      <Rows
        caption={t("baselines.title")}
        rows={seen.rows}
        columns={columns}
        rowKey={({ card_class }) => String(card_class.id)}
        rowTestId="baseline-row"
      />
      <p className={styles["legend"]}>
        {t("baselines.legend", { most: written(most) })}
        {marked && ` ${t("baselines.legend_limit")}`}
      </p>
    </>
  );
}

function useColumns(seen: ClassBaselineRows, metric: Metric, most: number): Column<ClassBaseline>[] {
  const { t, number, pick } = useWords();
  const written = useWritten(metric);
  const mayCards = useMay("card:read");
  const figures = QUANTILES.map((name) => ({
    key: name,
    title: name === "p999" ? "p99.9" : name,
    numeric: true,
    cell: (row: ClassBaseline) => {
      const values = quantilesOf(row, metric);
      return values === undefined ? <Dash /> : written(values[name]);
    },
  }));
  return [
    {
      key: "class",
      title: t("field.card_class"),
      onCard: "head",
      cell: ({ card_class }) =>
        mayCards ? (
          <Link to={ways.cards({ card_class: card_class.code })}>{pick(card_class.title)}</Link>
        ) : (
          pick(card_class.title)
        ),
    },
    {
      key: "card_days",
      title: t("baselines.card_days"),
      numeric: true,
      cell: ({ card_days }) => (
        <>
          {number(card_days)}{" "}
          <span className={styles["soft"]}>
            {t("baselines.cards_a_day", { n: number(Math.round(card_days / Math.max(seen.days.length, 1))) })}
          </span>
        </>
      ),
    },
    ...figures,
    {
      key: "picture",
      title: t("baselines.picture"),
      width: "22%",
      cell: (row) => <Picture row={row} seen={seen} metric={metric} most={most} />,
    },
    { key: "hours", title: t("baselines.by_hour"), cell: ({ hours }) => <Hours hours={hours} /> },
  ];
}

interface PictureProps {
  row: ClassBaseline;
  seen: ClassBaselineRows;
  metric: Metric;
  most: number;
}

function Picture({ row, seen, metric, most }: PictureProps) {
  const { t, number } = useWords();
  const written = useWritten(metric);
  const values = quantilesOf(row, metric);
  if (values === undefined)
    return <span className={styles["soft"]}>{t("baselines.few", { enough: number(seen.enough) })}</span>;
  const { p50, p99, p999 } = values;
  const label = t("baselines.picture_of", { p50: written(p50), p99: written(p99), p999: written(p999) });
  return <QuantileBar {...{ values, most, label }} limit={smallestLimit(seen.uses, metric, row.card_class.id)} />;
}

function Hours({ hours }: { hours: readonly number[] }) {
  const { t, percent } = useWords();
  const busiest = busiestHour(hours);
  const clock = (hour: number) => `${String(hour).padStart(2, "0")}:00`;
  const label =
    busiest === undefined
      ? t("baselines.hours_none")
      : t("baselines.busiest", {
          from: clock(busiest.hour),
          to: clock(busiest.hour + 1),
          share: percent(busiest.share),
        });
  return <HourMarks hours={hours} label={label} />;
}

/** How a value of a measure is written. */
function useWritten(metric: Metric | undefined): (value: number) => string {
  const { bytes, number } = useWords();
  return metric === "bytes" ? bytes : number;
}

function Uses({ uses }: { uses: readonly BaselineUse[] }) {
  const { t } = useWords();
  const columns = useUseColumns();
  if (uses.length === 0) {
    return (
      <p className={styles["legend"]} data-testid="baselines-unused">
        {t("baselines.uses_none")} {t("baselines.uses_none_next")}
      </p>
    );
  }
  return (
    <Rows
      caption={t("baselines.uses")}
      rows={uses}
      columns={columns}
      rowKey={(use) => `${use.rule} ${use.limit}`}
      rowTestId="baseline-use"
    />
  );
}

function useUseColumns(): Column<BaselineUse>[] {
  const { t, pick, named } = useWords();
  return [
    {
      key: "rule",
      title: t("baselines.uses"),
      onCard: "head",
      cell: ({ rule, title }) => (
        <Link to={ways.rule(rule)}>
          <code>{rule}</code> {pick(title)}
        </Link>
      ),
    },
    { key: "limit", title: t("field.limit"), cell: ({ limit }) => named("limit_name", limit) },
    { key: "from", title: t("baselines.from"), cell: (use) => <How use={use} /> },
    { key: "limits", title: t("baselines.in_force"), cell: (use) => <InForce use={use} /> },
  ];
}

function How({ use }: { use: BaselineUse }) {
  const { t, number } = useWords();
  const written = useWritten(metricOf(use.baseline));
  return t("baselines.how", {
    name: use.baseline,
    times: number(use.times),
    least: written(use.at_least),
    otherwise: written(use.otherwise),
  });
}

function InForce({ use }: { use: BaselineUse }) {
  const { pick, named } = useWords();
  const written = useWritten(metricOf(use.baseline));
  return (
    <ul className={styles["limits"]}>
      {use.limits.map(({ card_class, value, origin }) => (
        <li key={card_class.id}>
          {pick(card_class.title)} <b>{written(value)}</b>{" "}
          <span className={styles["soft"]}>{named("origin", origin)}</span>
        </li>
      ))}
    </ul>
  );
}
