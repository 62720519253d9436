import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";

import { api, body } from "../../api/client";
import type { RuleDetail, RuleDifference } from "../../api/model";
import { useMe } from "../../app/session";
import { useWords } from "../../i18n/language";
import { Chip } from "../../parts/Marks";
import { Dash } from "../../parts/Moments";
import { Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Await, Nothing } from "../../parts/States";
import { FILES, hasText, readDraft } from "./draft";
import styles from "./Rules.module.css";

export interface Side {
  text?: string;
  rule?: string;
  number?: number;
}

const IN_USE = "in_use";
const DRAFT = "draft";

/** Two texts of a rule to choose, and what differs between them. */
export function Compare({ detail }: { detail: RuleDetail }) {
  const { t } = useWords();
  const { rule, versions } = detail;
  const draft = readDraft(useMe().name, rule.id);
  const choices = useChoices(detail, draft);
  const [before, setBefore] = useState<string>();
  const [after, setAfter] = useState<string>();
  if (versions.length === 0 && draft === null) return null; // one text only
  const first = before ?? choices.at(-1)?.value;
  const second = after ?? choices[0]?.value;
  if (first === undefined || second === undefined) return null;
  const side = (name: string): Side => {
    if (name === DRAFT) return { text: draft ?? "" };
    return name === IN_USE ? { rule: rule.id } : { rule: rule.id, number: Number(name) };
  };
  const options = { options: choices, popupMatchSelectWidth: false, className: styles["choice"] ?? "" };
  return (
    <Panel title={t("rules.compare")} flush testId="rule-compare">
      <div className={styles["choices"]}>
        <label>
          {t("rules.before")}
          <Select {...options} value={first} onChange={setBefore} aria-label={t("rules.before")} />
        </label>
        <label>
          {t("rules.after")}
          <Select {...options} value={second} onChange={setAfter} aria-label={t("rules.after")} />
        </label>
      </div>
      <Differences before={side(first)} after={side(second)} />
    </Panel>
  );
}

function useChoices(detail: RuleDetail, draft: string | null) {
  const { t } = useWords();
  const { rule, versions, files_version } = detail;
  return [
    ...(rule.in_use ? [{ value: IN_USE, label: t("rules.text_in_use") }] : []),
    ...(draft === null ? [] : [{ value: DRAFT, label: t("rules.your_draft") }]),
    ...versions
      .filter((one) => hasText(one, detail))
      .map(({ number, version }) => ({ value: String(number), label: t("rules.text_of", { number, version }) })),
    ...(files_version === null
      ? []
      : [{ value: String(FILES), label: t("rules.text_of_files", { version: files_version }) }]),
  ];
}

/** What differs between two texts, field by field. */
export function Differences({ before, after }: { before: Side; after: Side }) {
  const { t } = useWords();
  const diff = useQuery({
    queryKey: ["rules", "diff", before, after],
    queryFn: ({ signal }) => body(api.POST("/api/v1/rules/diff", { body: { before, after }, signal })),
    retry: false,
  });
  const columns = useColumns();
  return (
    <Await query={diff} lines={4}>
      {({ differences, finds_the_same }) =>
        differences.length === 0 ? (
          <Nothing title={t("rules.no_difference")} next={t("rules.no_difference_next")} />
        ) : (
          <>
            <Rows
              caption={t("rules.differences")}
              rows={differences}
              columns={columns}
              rowKey={(one) => one.place}
              rowTestId="difference-row"
            />
            <p className={styles["files"]}>{t(finds_the_same ? "rules.finds_the_same" : "rules.finds_other")}</p>
          </>
        )
      }
    </Await>
  );
}

function useColumns(): Column<RuleDifference>[] {
  const { t } = useWords();
  const text = (value: string | null) => (value === null ? <Dash /> : <code className={styles["value"]}>{value}</code>);
  return [
    {
      key: "place",
      title: t("rules.place"),
      onCard: "head",
      cell: (one) => <code>{one.place}</code>,
    },
    { key: "before", title: t("rules.before"), cell: (one) => text(one.before) },
    { key: "after", title: t("rules.after"), cell: (one) => text(one.after) },
    {
      key: "finds",
      title: t("rules.effect"),
      onCard: "side",
      cell: (one) =>
        one.finds ? <Chip tone="medium">{t("rules.changes_findings")}</Chip> : <Chip>{t("rules.wording")}</Chip>,
    },
  ];
}
