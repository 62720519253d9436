import type { ReactNode } from "react";

import type { RuleTotals, Situation, SourceRow } from "../../api/model";
import { useMay } from "../../app/session";
import { NOT_CLOSED, ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { Severity } from "../../parts/Marks";
import { Dash } from "../../parts/Moments";
import { NumberLink } from "../../parts/NumberLink";
import styles from "./Situation.module.css";

const SEVERITIES = ["high", "medium", "low"] as const;

/** Ways of access that are told one by one; the rest are summed. */
const MOST_PARTS = 5;
const OTHER = "other";

/** The four figures of the day, each with its parts. */
export function Figures({ seen }: { seen: Situation }) {
  const { t, named } = useWords();
  const mayIncidents = useMay("incident:read");
  const mayCards = useMay("card:read");
  const maySources = useMay("source:read");
  return (
    <div className={styles["figures"]}>
      <Figure
        title={t("situation.open_incidents")}
        testId="figure-incidents"
        value={<NumberLink n={seen.incidents.open} to={mayIncidents ? ways.incidents({ state: NOT_CLOSED }) : null} />}
        parts={SEVERITIES.map((severity) => ({
          key: severity,
          name: <Severity value={severity} />,
          n: openOf(seen.incidents.by_rule, severity),
          to: mayIncidents ? ways.incidents({ state: NOT_CLOSED, severity }) : null,
        }))}
      />
      <Figure
        title={t("situation.cards")}
        testId="figure-cards"
        value={<NumberLink n={seen.cards.total} to={mayCards ? ways.cards() : null} />}
        parts={present(seen.cards.real_name).map(([state, n]) => ({
          key: state,
          name: named("real_name", state),
          n,
          to: mayCards ? ways.cards({ real_name: state }) : null,
        }))}
      />
      <Figure
        title={t("situation.terminals")}
        testId="figure-terminals"
        value={<NumberLink n={seen.terminals.total} to={ways.terminals()} />}
        parts={largest(present(seen.terminals.by_access)).map(([access, n]) => ({
          key: access,
          name: access === OTHER ? t("situation.other_access") : named("access", access),
          n,
          to: ways.terminals(access === OTHER ? {} : { access }),
        }))}
      />
      <Figure
        title={t("situation.records")}
        testId="figure-records"
        value={
          seen.records === null ? (
            <Dash />
          ) : (
            <NumberLink n={seen.records.total} to={maySources ? ways.sources() : null} />
          )
        }
        parts={
          maySources
            ? [
                { key: "refused", name: t("source.refused"), n: sum(seen.sources, "refused"), to: ways.quarantine() },
                {
                  key: "quarantined",
                  name: t("source.quarantined"),
                  n: sum(seen.sources, "quarantined"),
                  to: ways.quarantine(),
                },
              ]
            : []
        }
      />
    </div>
  );
}

interface Part {
  key: string;
  name: ReactNode;
  n: number;
  to: string | null;
}

function Figure({
  title,
  value,
  parts,
  testId,
}: {
  title: string;
  value: ReactNode;
  parts: readonly Part[];
  testId: string;
}) {
  return (
    <section className={styles["figure"]} data-testid={testId}>
      <h2>{title}</h2>
      <p className={styles["big"]}>{value}</p>
      <ul className={styles["parts"]}>
        {parts.map(({ key, name, n, to }) => (
          <li key={key}>
            {name} <NumberLink n={n} to={to} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function openOf(rules: readonly RuleTotals[], severity: string): number {
  return rules.filter((rule) => rule.severity === severity).reduce((sum, rule) => sum + rule.open, 0);
}

function sum(sources: readonly SourceRow[], field: "refused" | "quarantined"): number {
  return sources.reduce((total, source) => total + source[field], 0);
}

/** The counts that are not nought, largest first. */
function present(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts)
    .filter(([, n]) => n > 0)
    .sort(([, a], [, b]) => b - a);
}

function largest(counts: readonly [string, number][]): readonly (readonly [string, number])[] {
  if (counts.length <= MOST_PARTS) return counts;
  const rest = counts.slice(MOST_PARTS - 1).reduce((sum, [, n]) => sum + n, 0);
  return [...counts.slice(0, MOST_PARTS - 1), [OTHER, rest]];
}
