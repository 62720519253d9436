import { Button } from "antd";
import { Link, useNavigate } from "react-router";

import type { RuleRow } from "../../api/model";
import { useRule, useRules } from "../../api/queries";
import { useMay } from "../../app/session";
import { NOT_CLOSED, ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { Chip, Severity } from "../../parts/Marks";
import { At, Dash } from "../../parts/Moments";
import { Page, Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Await, Nothing } from "../../parts/States";
import { Baselines } from "./Baselines";
import styles from "./Rules.module.css";

/** Every rule, where it comes from, and who put it in use. */
export default function RulesPage() {
  const { t } = useWords();
  const rules = useRules();
  const columns = useColumns();
  return (
    <Page title={t("rules.title")} note={t("rules.note")} actions={<Ways mayChange={rules.data?.may_change} />}>
      <div className={styles["stack"]}>
        <Panel flush>
          <Await query={rules} lines={10}>
            {({ rows }) =>
              rows.length === 0 ? (
                <Nothing title={t("rules.none")} next={t("rules.none_next")} />
              ) : (
                <Rows
                  caption={t("rules.title")}
                  rows={rows}
                  columns={columns}
                  rowKey={(rule) => rule.id}
                  rowTestId="rule-row"
                />
              )
            }
          </Await>
        </Panel>
        <Baselines />
      </div>
    </Page>
  );
}

function Ways({ mayChange }: { mayChange: boolean | undefined }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const whyNot = useWhyNot(mayChange);
  return (
    <div className={styles["actions"]}>
      {useMay("whitelist:read") && (
        <Button onClick={() => void navigate(ways.whitelist())} data-testid="to-whitelist">
          {t("whitelist.title")}
        </Button>
      )}
      {mayChange !== undefined && (
        <Button
          type="primary"
          disabled={whyNot !== undefined}
          title={whyNot}
          onClick={() => void navigate(ways.draft())}
          data-testid="to-draft"
        >
          {t("rules.new_draft")}
        </Button>
      )}
      {whyNot !== undefined && mayChange !== undefined && <p className={styles["whyNot"]}>{whyNot}</p>}
    </div>
  );
}

/** Why the reader may not change rules; undefined where she may. */
export function useWhyNot(mayChange: boolean | undefined): string | undefined {
  const { t } = useWords();
  const role = useMay("rule:manage");
  if (mayChange === true) return undefined;
  return role ? t("rules.not_yours") : t("rules.not_your_role");
}

function useColumns(): Column<RuleRow>[] {
  const { t, pick } = useWords();
  return [
    {
      key: "id",
      title: t("field.rule"),
      onCard: "head",
      cell: (rule) => (
        <Link to={ways.rule(rule.id)} data-testid={`rule-${rule.id}`}>
          <code>{rule.id}</code> {pick(rule.title)}
        </Link>
      ),
    },
    {
      key: "severity",
      title: t("field.severity"),
      onCard: "side",
      cell: (rule) => <Severity value={rule.severity} />,
    },
    { key: "version", title: t("rules.version"), cell: (rule) => <InUse rule={rule} /> },
    { key: "source", title: t("rules.source"), cell: (rule) => <Source rule={rule} /> },
    { key: "by", title: t("rules.by"), cell: (rule) => <ChangedBy rule={rule} /> },
    { key: "at", title: t("rules.at"), nowrap: true, cell: (rule) => <At at={rule.changed_at} /> },
    {
      key: "incidents",
      title: t("rules.incidents"),
      cell: (rule) => (
        <Link
          to={ways.incidents({ rule: rule.id, state: NOT_CLOSED })}
          aria-label={`${t("rules.show")}: ${t("rules.incidents")} ${rule.id}`}
        >
          {t("rules.show")}
        </Link>
      ),
    },
  ];
}

export function InUse({ rule }: { rule: RuleRow }) {
  const { t } = useWords();
  return rule.in_use ? <code className={styles["version"]}>{rule.version}</code> : <Chip>{t("rules.retired")}</Chip>;
}

export function Source({ rule }: { rule: RuleRow }) {
  const { named } = useWords();
  return <Chip tone={rule.source === "kept" ? "low" : "plain"}>{named("rule_source", rule.source)}</Chip>;
}

/** The list does not name people; the rule itself does, to those who may read it. */
function ChangedBy({ rule }: { rule: RuleRow }) {
  const { t } = useWords();
  const newest = useRule(rule.id, rule.number !== null).data?.versions[0];
  if (newest === undefined) return <Dash />;
  return newest.author ?? t("history.elsewhere");
}
