import { Button } from "antd";

import type { RuleDetail, RuleVersion } from "../../api/model";
import { useWords } from "../../i18n/language";
import { Chip } from "../../parts/Marks";
import { At, Dash } from "../../parts/Moments";
import { Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Nothing } from "../../parts/States";
import { canGoBackTo, canGoBackToFiles, FILES } from "./draft";
import styles from "./Rules.module.css";
import { useActDialog, type Act } from "./useActDialog";

/** What was put in use, by whom, when and why; newest first. */
export function Versions({ detail }: { detail: RuleDetail }) {
  const { t } = useWords();
  const { ask, element } = useActDialog();
  const columns = useColumns(detail, ask);
  const { rule, versions, files_version } = detail;
  return (
    <Panel title={t("rules.versions")} flush testId="rule-versions">
      {versions.length === 0 ? (
        <Nothing title={t("rules.no_versions")} next={t("rules.no_versions_next")} />
      ) : (
        <Rows
          caption={t("rules.versions")}
          rows={versions}
          columns={columns}
          rowKey={(one) => String(one.number)}
          rowTestId="version-row"
        />
      )}
      {versions.length > 0 && files_version !== null && (
        <p className={styles["files"]}>
          <span>
            {t("rules.files_text")} <code className={styles["version"]}>{files_version}</code>
          </span>
          {canGoBackToFiles(detail) && detail.may_change && (
            <Button
              size="small"
              onClick={() =>
                ask({ kind: "rollback", rule: rule.id, used: rule.version, to: FILES, version: files_version })
              }
              data-testid="back-to-files"
            >
              {t("rules.back_to_files")}
            </Button>
          )}
        </p>
      )}
      {element}
    </Panel>
  );
}

function useColumns(detail: RuleDetail, ask: (act: Act) => void): Column<RuleVersion>[] {
  const { t, named } = useWords();
  const { rule, may_change: mayChange } = detail;
  return [
    {
      key: "number",
      title: t("rules.number"),
      onCard: "head",
      nowrap: true,
      cell: (one) => `${one.number} · ${named("rule_action", one.action)}`,
    },
    {
      key: "version",
      title: t("rules.version"),
      cell: (one) => <code className={styles["version"]}>{one.version}</code>,
    },
    { key: "author", title: t("rules.by"), cell: (one) => one.author ?? t("history.elsewhere") },
    { key: "at", title: t("rules.at"), nowrap: true, cell: (one) => <At at={one.at} /> },
    { key: "note", title: t("rules.note_of_change"), cell: (one) => (one.note === "" ? <Dash /> : one.note) },
    {
      key: "actions",
      title: t("field.actions"),
      bare: true,
      onCard: "side",
      nowrap: true,
      cell: (one) => {
        if (one.in_use) return <Chip tone="good">{t("rules.in_use")}</Chip>;
        if (!mayChange || !canGoBackTo(one, detail)) return null;
        return (
          <Button
            size="small"
            onClick={() =>
              ask({ kind: "rollback", rule: rule.id, used: rule.version, to: one.number, version: one.version })
            }
            aria-label={`${t("rules.roll_back")}: ${one.number}`}
            data-testid={`back-to-${one.number}`}
          >
            {t("rules.roll_back")}
          </Button>
        );
      },
    },
  ];
}
