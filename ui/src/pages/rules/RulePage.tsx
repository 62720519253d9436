import { useQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";

import { api, body } from "../../api/client";
import type { RuleDetail, RuleRow } from "../../api/model";
import { useRule, useRules } from "../../api/queries";
import { useMay } from "../../app/session";
import { NOT_CLOSED, ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { Facts } from "../../parts/Facts";
import { Severity } from "../../parts/Marks";
import { At } from "../../parts/Moments";
import { Page, Panel } from "../../parts/Page";
import { Await, Nothing } from "../../parts/States";
import { Compare } from "./Compare";
import { FILES, hasText } from "./draft";
import { NumberedText } from "./NumberedText";
import styles from "./Rules.module.css";
import { InUse, Source, useWhyNot } from "./RulesPage";
import { useActDialog } from "./useActDialog";
import { Versions } from "./Versions";

/** One rule: what it says, its text, its versions, and what differs between them. */
export default function RulePage() {
  const { t, pick } = useWords();
  const id = useParams()["id"] ?? "";
  const rules = useRules();
  const known = rules.data?.rows.find((one) => one.id === id);
  const mayText = useMay("rule_text:read");
  const rule = useRule(id);
  return (
    <Page
      title={known === undefined ? id : `${known.id} ${pick(known.title)}`}
      note={
        <>
          <Link to={ways.rules()}>{t("rules.back")}</Link>
          {" · "}
          <Link to={ways.incidents({ rule: id, state: NOT_CLOSED })}>{t("rules.incidents")}</Link>
        </>
      }
      actions={rule.data !== undefined && <Actions detail={rule.data} />}
    >
      <div className={styles["stack"]}>
        {mayText ? (
          <Await query={rule} lines={14}>
            {(detail) => <Whole detail={detail} />}
          </Await>
        ) : (
          <Await query={rules} lines={8}>
            {() =>
              known === undefined ? (
                <Nothing title={t("rules.no_such")} next={t("rules.no_such_next")} />
              ) : (
                <>
                  <Head rule={known} />
                  <Nothing title={t("rules.text_not_yours")} next={t("rules.text_not_yours_next")} />
                </>
              )
            }
          </Await>
        )}
      </div>
    </Page>
  );
}

function Actions({ detail }: { detail: RuleDetail }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const { ask, element } = useActDialog();
  const { rule } = detail;
  const whyNot = useWhyNot(detail.may_change);
  if (rule.source === "platform") return <p className={styles["whyNot"]}>{t("rules.of_platform")}</p>;
  return (
    <div className={styles["actions"]}>
      {rule.in_use && (
        <Button
          danger
          disabled={whyNot !== undefined}
          title={whyNot}
          onClick={() => ask({ kind: "retire", rule: rule.id, used: rule.version })}
          data-testid="rule-retire"
        >
          {t("rules.retire")}
        </Button>
      )}
      <Button
        type="primary"
        disabled={whyNot !== undefined}
        title={whyNot}
        onClick={() => void navigate(ways.draft(rule.id))}
        data-testid="rule-draft"
      >
        {t("rules.edit")}
      </Button>
      {whyNot !== undefined && <p className={styles["whyNot"]}>{whyNot}</p>}
      {element}
    </div>
  );
}

function Whole({ detail }: { detail: RuleDetail }) {
  return (
    <>
      <Head rule={detail.rule} />
      {detail.rule.source !== "platform" && (
        <>
          <Versions detail={detail} />
          <Compare detail={detail} />
          <Text detail={detail} />
        </>
      )}
    </>
  );
}

function Head({ rule }: { rule: RuleRow }) {
  const { t, pick, named, bytes } = useWords();
  const written = (name: string, value: string) => (name.endsWith("_bytes") ? bytes(Number(value)) : value);
  return (
    <Panel>
      <Facts
        facts={[
          [t("field.severity"), <Severity key="v" value={rule.severity} />],
          [t("rules.version"), <InUse key="v" rule={rule} />],
          [t("rules.source"), <Source key="v" rule={rule} />],
          [t("rules.at"), <At key="v" at={rule.changed_at} />],
        ]}
      />
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
        {rule.limits.map(({ name, value, usual }) => (
          <div key={name}>
            <dt>{t("rules.limit", { name: named("limit_name", name) })}</dt>
            <dd>
              <code>{usual ?? written(name, value)}</code>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

const IN_USE = -1;

/** The text in use, or that of a version. */
function Text({ detail }: { detail: RuleDetail }) {
  const { t } = useWords();
  const { rule, text, versions, files_version } = detail;
  const [chosen, setChosen] = useState<number>();
  const choices = [
    ...(text === null ? [] : [{ value: IN_USE, label: t("rules.text_in_use") }]),
    ...versions
      .filter((one) => hasText(one, detail))
      .map(({ number, version }) => ({ value: number, label: t("rules.text_of", { number, version }) })),
    ...(files_version === null ? [] : [{ value: FILES, label: t("rules.text_of_files", { version: files_version }) }]),
  ];
  const shown = chosen ?? choices[0]?.value;
  const other = useQuery({
    queryKey: ["rules", "text", rule.id, shown],
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/rules/{rule}/versions/{number}", {
          params: { path: { rule: rule.id, number: shown ?? FILES } },
          signal,
        }),
      ),
    enabled: shown !== undefined && shown !== IN_USE,
  });
  if (shown === undefined) return null;
  const choose = (
    <Select
      size="small"
      value={shown}
      options={choices}
      onChange={setChosen}
      popupMatchSelectWidth={false}
      aria-label={t("rules.which_text")}
      data-testid="text-choice"
    />
  );
  return (
    <Panel title={t("rules.text")} note={choose} flush testId="rule-text">
      {shown === IN_USE ? (
        <NumberedText text={text ?? ""} label={t("rules.text")} />
      ) : (
        <Await query={other}>{(found) => <NumberedText text={found.text} label={t("rules.text")} />}</Await>
      )}
    </Panel>
  );
}
