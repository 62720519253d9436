import { useEffect } from "react";
import { Link, useLocation } from "react-router";

import type { RuleRow } from "../../api/model";
import { useRules } from "../../api/queries";
import { NOT_CLOSED, ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { Severity } from "../../parts/Marks";
import { Page, Panel } from "../../parts/Page";
import { Await, Nothing } from "../../parts/States";
import styles from "./Rules.module.css";

export default function RulesPage() {
  const { t } = useWords();
  const rules = useRules();
  const { hash } = useLocation();
  const named = decodeURIComponent(hash.slice(1));
  useEffect(() => {
    if (named !== "" && rules.data !== undefined) document.getElementById(named)?.scrollIntoView();
  }, [named, rules.data]);
  return (
    <Page title={t("rules.title")} note={t("rules.note")}>
      <Await query={rules} lines={14}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Nothing title={t("rules.none")} next={t("rules.none_next")} />
          ) : (
            <div className={styles["list"]}>
              {rows.map((rule) => (
                <Rule key={rule.id} rule={rule} named={rule.id === named} />
              ))}
            </div>
          )
        }
      </Await>
    </Page>
  );
}

function Rule({ rule, named: chosen }: { rule: RuleRow; named: boolean }) {
  const { t, pick, named, bytes } = useWords();
  const written = (name: string, value: string) => (name.endsWith("_bytes") ? bytes(Number(value)) : value);
  return (
    <div id={rule.id} data-chosen={chosen || undefined} className={styles["rule"]}>
      <Panel
        title={
          <>
            <code>{rule.id}</code> {pick(rule.title)}
          </>
        }
        note={
          <span className={styles["note"]}>
            <Severity value={rule.severity} />
            <Link to={ways.incidents({ rule: rule.id, state: NOT_CLOSED })}>{t("rules.incidents")}</Link>
          </span>
        }
      >
        <p className={styles["text"]}>{pick(rule.description)}</p>
        <dl className={styles["parts"]}>
          {rule.conditions.map(({ kind, text }) => (
            <div key={`${kind}-${text}`}>
              <dt>{named("condition", kind)}</dt>
              <dd>
                <code>{text}</code>
              </dd>
            </div>
          ))}
          {rule.limits.map(({ name, value }) => (
            <div key={name}>
              <dt>{t("rules.limit", { name: named("limit_name", name) })}</dt>
              <dd>
                <code>{written(name, value)}</code>
              </dd>
            </div>
          ))}
        </dl>
        <p className={styles["version"]}>
          {t("rules.version")} <code>{rule.version}</code>
        </p>
      </Panel>
    </div>
  );
}
