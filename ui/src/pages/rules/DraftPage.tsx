import { useQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";

import { api, body } from "../../api/client";
import type { RuleCheck, RuleRow } from "../../api/model";
import { useRule, useRules } from "../../api/queries";
import { useMay, useMe } from "../../app/session";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { Page, Panel } from "../../parts/Page";
import { Await, Nothing, Problem } from "../../parts/States";
import { CheckResult } from "./CheckResult";
import { readDraft, writeDraft } from "./draft";
import { DryRuns } from "./DryRuns";
import { Editor, type Spot } from "./Editor";
import styles from "./Rules.module.css";
import { useWhyNot } from "./RulesPage";
import { useActDialog } from "./useActDialog";

/** The draft of a rule: written, checked, tried on stored days, put in use. */
export default function DraftPage() {
  const { t } = useWords();
  const [params] = useSearchParams();
  const rule = params.get("rule") ?? "";
  const rules = useRules();
  const mayText = useMay("rule_text:read");
  const found = useRule(rule, rule !== "");
  return (
    <Page
      title={rule === "" ? t("draft.title") : t("draft.title_of", { rule })}
      note={
        <>
          <Link to={rule === "" ? ways.rules() : ways.rule(rule)}>{t("draft.back")}</Link>
          {" · "}
          {t("draft.note")}
        </>
      }
    >
      <Await query={rules} lines={12}>
        {({ may_change: mayChange }) => {
          if (!mayChange || !mayText) return <NotYours mayChange={mayChange} />;
          if (rule === "") return <Workbench key="" rule="" origin="" />;
          return (
            <Await query={found} lines={12}>
              {({ text }) => <Workbench key={rule} rule={rule} origin={text ?? ""} />}
            </Await>
          );
        }}
      </Await>
    </Page>
  );
}

function NotYours({ mayChange }: { mayChange: boolean }) {
  const { t } = useWords();
  return <Nothing title={useWhyNot(mayChange) ?? t("rules.not_your_role")} next={t("draft.not_yours_next")} />;
}

/** The check of a text: asked for once for each text, and again where the language changes. */
function useCheck(text: string) {
  const { language } = useWords();
  const [wanted, setWanted] = useState<string>();
  const check = useQuery({
    queryKey: ["rules", "check", text, language],
    queryFn: ({ signal }) => body(api.POST("/api/v1/rules/check", { body: { text }, signal })),
    enabled: wanted === text,
    staleTime: Infinity,
    retry: false,
  });
  const ask = () => (wanted === text ? void check.refetch() : setWanted(text));
  return { check, result: wanted === text ? check.data : undefined, ask };
}

/** `origin` is the text in use of the rule that the draft began with. */
function Workbench({ rule, origin }: { rule: string; origin: string }) {
  const { t } = useWords();
  const { name } = useMe();
  const navigate = useNavigate();
  const [text, setText] = useState(() => readDraft(name, rule) ?? origin);
  const [spot, setSpot] = useState<Spot>();
  const { check, result, ask: askCheck } = useCheck(text);
  const write = (next: string) => {
    setText(next);
    writeDraft(name, rule, next === origin ? null : next);
  };
  const { ask, element } = useActDialog((detail) => {
    writeDraft(name, rule, null);
    void navigate(ways.rule(detail.rule.id));
  });
  const empty = text.trim() === "";
  const promote = ({ id, version }: RuleRow, used: string) => ask({ kind: "promote", rule: id, used, version, text });
  return (
    <div className={styles["stack"]}>
      <Panel title={t("draft.text")} note={rule === "" ? <StartFrom /> : undefined} flush testId="draft">
        <Editor
          text={text}
          onChange={write}
          onCheck={() => !empty && askCheck()}
          faulty={result?.problems.map(({ line }) => line) ?? []}
          spot={spot}
        />
        <Bar
          empty={empty}
          result={result}
          busy={check.isFetching}
          onCheck={askCheck}
          onPromote={promote}
          {...(text === origin ? {} : { onDiscard: () => write(origin) })}
          discard={rule === "" ? "draft.clear" : "draft.discard"}
        />
        {check.isError && <Problem error={check.error} retry={askCheck} />}
        {result !== undefined && <CheckResult text={text} result={result} onSpot={(at) => setSpot({ at })} />}
      </Panel>
      <DryRuns text={text} />
      {element}
    </div>
  );
}

interface BarProps {
  empty: boolean;
  result: RuleCheck | undefined;
  busy: boolean;
  onCheck: () => void;
  onPromote: (rule: RuleRow, used: string) => void;
  onDiscard?: () => void;
  discard: "draft.clear" | "draft.discard";
}

/** What may be done with the draft next; the next step is the one that stands out. */
function Bar({ empty, result, busy, onCheck, onPromote, onDiscard, discard }: BarProps) {
  const { t } = useWords();
  const good = result?.rule ?? null;
  const ready = good !== null && !good.in_use;
  return (
    <div className={styles["bar"]}>
      <Button
        type={ready ? "default" : "primary"}
        disabled={empty}
        loading={busy}
        onClick={onCheck}
        data-testid="draft-check"
      >
        {t("draft.check")}
      </Button>
      <Button
        type={ready ? "primary" : "default"}
        disabled={!ready}
        onClick={() => good !== null && onPromote(good, result?.in_use_version ?? "")}
        data-testid="draft-promote"
      >
        {t("rules.promote")}
      </Button>
      {onDiscard !== undefined && (
        <Button type="text" onClick={onDiscard} data-testid="draft-discard">
          {t(discard)}
        </Button>
      )}
      <span className={styles["hint"]}>{t(hintOf(empty, result))}</span>
    </div>
  );
}

/** Why the draft can't be put in use yet, or that it can. */
function hintOf(empty: boolean, result: RuleCheck | undefined) {
  if (empty) return "draft.hint_empty";
  if (result === undefined) return "draft.hint_check";
  if (result.rule === null) return "draft.hint_faulty";
  return result.rule.in_use ? "draft.hint_in_use" : "draft.hint_good";
}

/** A rule in use whose text the draft may begin with. */
function StartFrom() {
  const { t, pick } = useWords();
  const navigate = useNavigate();
  const rules = useRules().data?.rows ?? [];
  return (
    <Select
      size="small"
      value={null}
      placeholder={t("draft.start_from")}
      aria-label={t("draft.start_from")}
      popupMatchSelectWidth={false}
      className={styles["choice"] ?? ""}
      options={rules
        .filter(({ source, in_use }) => in_use && source !== "platform")
        .map(({ id, title }) => ({ value: id, label: `${id} ${pick(title)}` }))}
      onChange={(id: string | null) => id !== null && void navigate(ways.draft(id))}
    />
  );
}
