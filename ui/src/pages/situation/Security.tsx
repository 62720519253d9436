import { Segmented } from "antd";
import { useState, type ReactNode } from "react";

import type { IncidentStatistics, TallyFields } from "../../api/model";
import { useIncidentStatistics, type StatisticsFilters } from "../../api/queries";
import { useMay } from "../../app/session";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { StepChart } from "../../parts/charts/StepChart";
import { Facts } from "../../parts/Facts";
import { Dash } from "../../parts/Moments";
import { NumberLink } from "../../parts/NumberLink";
import { Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Await, Nothing } from "../../parts/States";
import { Rest } from "./Development";
import styles from "./Situation.module.css";

const SIDES = ["rule", "operator", "card_class", "area"] as const;
type Side = (typeof SIDES)[number];

interface Line extends TallyFields {
  code: string;
  name: string;
}

const MOST_LINES = 10;

/** What became of the incidents of the period, and how soon (安全类统计). */
export function Security({ asked }: { asked: StatisticsFilters }) {
  const { t } = useWords();
  const statistics = useIncidentStatistics(asked);
  return (
    <Panel
      title={t("statistics.security")}
      note={statistics.data && t("statistics.age", { n: statistics.data.age_seconds })}
      testId="security"
    >
      <Await query={statistics} lines={10}>
        {(seen) => (
          <>
            <Sums seen={seen} />
            <StepChart name={t("statistics.new_by_day")} steps={seen.by_day.map(({ day, new: n }) => ({ day, n }))} />
            <Sides seen={seen} />
          </>
        )}
      </Await>
    </Panel>
  );
}

function Sums({ seen }: { seen: IncidentStatistics }) {
  const { t, number, duration, percent } = useWords();
  const { total } = seen;
  const took = (seconds: number | null): ReactNode => (seconds === null ? <Dash /> : duration(Math.round(seconds)));
  return (
    <Facts
      facts={[
        [t("statistics.new"), number(total.new)],
        [t("situation.open"), number(total.open)],
        [t("statistics.resolved"), number(total.resolved)],
        [t("statistics.false_positive"), number(total.false_positive)],
        [
          t("statistics.false_positive_share"),
          total.false_positive_share === null ? <Dash key="v" /> : percent(total.false_positive_share),
        ],
        [t("statistics.to_act"), took(seen.seconds_to_act)],
        [t("statistics.to_resolve"), took(seen.seconds_to_resolve)],
      ]}
    />
  );
}

function Sides({ seen }: { seen: IncidentStatistics }) {
  const { t } = useWords();
  const [side, setSide] = useState<Side>("rule");
  const lines = useLines(seen, side);
  const columns = useColumns(side);
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
        <Nothing title={t("statistics.no_incidents")} next={t("statistics.no_incidents_next")} />
      ) : (
        <Rows
          caption={t("statistics.security")}
          rows={lines.slice(0, MOST_LINES)}
          columns={columns}
          rowKey={(line) => line.code}
        />
      )}
      {lines.length > MOST_LINES && <Rest n={lines.length - MOST_LINES} />}
    </>
  );
}

function useLines(seen: IncidentStatistics, side: Side): Line[] {
  const { pick } = useWords();
  if (side === "rule") return seen.by_rule.map((row) => ({ ...row, code: row.rule, name: pick(row.title) }));
  const rows = { operator: seen.by_operator, card_class: seen.by_class, area: seen.by_area }[side];
  return rows.map((row) => ({ ...row, name: pick(row.title) }));
}

function useColumns(side: Side): Column<Line>[] {
  const { t, number, percent } = useWords();
  const mayIncidents = useMay("incident:read");
  const to = (line: Line) =>
    mayIncidents && line.code !== "" && (side === "rule" || side === "area")
      ? ways.incidents({ [side]: line.code })
      : null;
  return [
    { key: "name", title: t(`field.${side}`), onCard: "head", cell: (line) => line.name },
    {
      key: "new",
      title: t("statistics.new"),
      numeric: true,
      onCard: "side",
      cell: (line) => <NumberLink n={line.new} to={to(line)} label={line.name} />,
    },
    { key: "open", title: t("situation.open"), numeric: true, cell: (line) => number(line.open) },
    { key: "resolved", title: t("statistics.resolved"), numeric: true, cell: (line) => number(line.resolved) },
    {
      key: "false",
      title: t("statistics.false_positive_share"),
      numeric: true,
      cell: (line) => (line.false_positive_share === null ? <Dash /> : percent(line.false_positive_share)),
    },
  ];
}
