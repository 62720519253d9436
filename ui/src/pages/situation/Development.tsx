import { Segmented } from "antd";
import { useState } from "react";

import type { CardStatistics } from "../../api/model";
import { useCardStatistics, type StatisticsFilters } from "../../api/queries";
import { useMay } from "../../app/session";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { StepChart } from "../../parts/charts/StepChart";
import { NumberLink } from "../../parts/NumberLink";
import { Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Await, Nothing } from "../../parts/States";
import styles from "./Situation.module.css";

const SIDES = ["real_name", "operator", "card_class", "area"] as const;
type Side = (typeof SIDES)[number];

interface Line {
  code: string;
  name: string;
  cards: number;
}

/** From so many days on a bar is a week, and from so many a month. */
const WEEKS_FROM = 60;
const MONTHS_FROM = 300;
const MOST_LINES = 10;

/** The stock of cards, and who joined when (发展类统计). */
export function Development({ asked, days }: { asked: StatisticsFilters; days: number }) {
  const { t, tn } = useWords();
  const step = days >= MONTHS_FROM ? "month" : days >= WEEKS_FROM ? "week" : "day";
  const statistics = useCardStatistics(asked, step);
  return (
    <Panel title={t("statistics.development")} testId="development">
      <Await query={statistics} lines={10}>
        {(seen) => (
          <>
            <p className={styles["lead"]}>
              {tn("statistics.joined", seen.joined)}
              {seen.undated > 0 && ` · ${tn("statistics.undated", seen.undated)}`}
              {seen.assumed > 0 && ` · ${tn("statistics.assumed", seen.assumed)}`}
            </p>
            <StepChart
              name={t("statistics.joined_by_step")}
              steps={seen.joined_by_step.map(({ since, cards }) => ({ day: since, n: cards }))}
            />
            <Sides seen={seen} asked={asked} />
          </>
        )}
      </Await>
    </Panel>
  );
}

function Sides({ seen, asked }: { seen: CardStatistics; asked: StatisticsFilters }) {
  const { t } = useWords();
  const [side, setSide] = useState<Side>("real_name");
  const lines = useLines(seen, side);
  const columns = useColumns(side, seen.total, asked);
  return (
    <>
      <Segmented<Side>
        size="small"
        className={styles["sides"] ?? ""}
        value={side}
        onChange={setSide}
        options={SIDES.map((value) => ({ value, label: t(`field.${value}`) }))}
      />
      {lines.length === 0 ? (
        <Nothing title={t("cards.none_match")} next={t("cards.none_match_next")} />
      ) : (
        <Rows
          caption={t("statistics.development")}
          rows={lines.slice(0, MOST_LINES)}
          columns={columns}
          rowKey={(line) => line.code}
        />
      )}
      {lines.length > MOST_LINES && <Rest n={lines.length - MOST_LINES} />}
    </>
  );
}

/** Says how many smaller lines are not shown. */
export function Rest({ n }: { n: number }) {
  const { tn } = useWords();
  return <p className={styles["lead"]}>{tn("statistics.rest", n)}</p>;
}

function useLines(seen: CardStatistics, side: Side): Line[] {
  const { named, pick } = useWords();
  if (side === "real_name") {
    return Object.entries(seen.real_name)
      .filter(([, cards]) => cards > 0)
      .map(([code, cards]) => ({ code, name: named("real_name", code), cards }));
  }
  const rows = { operator: seen.by_operator, card_class: seen.by_class, area: seen.by_area }[side];
  return rows.map(({ code, title, cards }) => ({ code, name: pick(title), cards }));
}

function useColumns(side: Side, total: number, asked: StatisticsFilters): Column<Line>[] {
  const { t, percent } = useWords();
  const mayCards = useMay("card:read");
  const { operator, card_class, area } = asked;
  const filters = {
    ...(operator === undefined ? {} : { enterprise: operator }),
    ...(card_class === undefined ? {} : { card_class }),
    ...(area === undefined ? {} : { area }),
  };
  const to = (line: Line) =>
    mayCards && line.code !== ""
      ? ways.cards({ ...filters, [side === "operator" ? "enterprise" : side]: line.code })
      : null;
  return [
    { key: "name", title: t(`field.${side}`), onCard: "head", cell: (line) => line.name },
    {
      key: "cards",
      title: t("situation.cards"),
      numeric: true,
      onCard: "side",
      cell: (line) => <NumberLink n={line.cards} to={to(line)} label={line.name} />,
    },
    {
      key: "share",
      title: t("statistics.share"),
      numeric: true,
      cell: (line) => percent(total === 0 ? 0 : line.cards / total),
    },
  ];
}
