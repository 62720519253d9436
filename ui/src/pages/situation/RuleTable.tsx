import { Link } from "react-router";

import type { RuleTotals } from "../../api/model";
import { useMay } from "../../app/session";
import { NOT_CLOSED, ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { Severity } from "../../parts/Marks";
import { NumberLink } from "../../parts/NumberLink";
import { Rows, type Column } from "../../parts/Rows";
import { Nothing } from "../../parts/States";
import styles from "./Situation.module.css";

/** Incidents by the rule that found them, the most open first. */
export function RuleTable({ rules }: { rules: readonly RuleTotals[] }) {
  const { t, pick } = useWords();
  const mayIncidents = useMay("incident:read");
  if (rules.length === 0) return <Nothing title={t("situation.no_rules")} />;
  const most = Math.max(1, ...rules.map((rule) => rule.open));
  const columns: Column<RuleTotals>[] = [
    {
      key: "rule",
      title: t("field.rule"),
      onCard: "head",
      cell: (rule) => (
        <Link to={ways.rule(rule.rule)} className={styles["ruleTitle"]}>
          {pick(rule.title)}
          <code className={styles["ruleId"]}>{rule.rule}</code>
        </Link>
      ),
    },
    { key: "severity", title: t("field.severity"), onCard: "side", cell: (rule) => <Severity value={rule.severity} /> },
    {
      key: "share",
      title: "",
      width: "24%",
      onCard: "none",
      cell: (rule) => (
        <div className={styles["bar"]} data-severity={rule.severity} aria-hidden="true">
          <span style={{ width: `${(rule.open / most) * 100}%` }} />
        </div>
      ),
    },
    {
      key: "open",
      title: t("situation.open"),
      numeric: true,
      cell: (rule) => (
        <NumberLink n={rule.open} to={mayIncidents ? ways.incidents({ rule: rule.rule, state: NOT_CLOSED }) : null} />
      ),
    },
    {
      key: "total",
      title: t("situation.all"),
      numeric: true,
      cell: (rule) => <NumberLink n={rule.total} to={mayIncidents ? ways.incidents({ rule: rule.rule }) : null} />,
    },
  ];
  const sorted = [...rules].sort((a, b) => b.open - a.open || b.total - a.total || a.rule.localeCompare(b.rule));
  return <Rows caption={t("situation.by_rule")} rows={sorted} columns={columns} rowKey={(rule) => rule.rule} />;
}
