import { CheckCircleOutlined, WarningOutlined } from "@ant-design/icons";
import { Button } from "antd";

import type { RuleCheck, RuleProblem } from "../../api/model";
import { useWords } from "../../i18n/language";
import { Differences } from "./Compare";
import { offsetOf } from "./draft";
import styles from "./Rules.module.css";

interface CheckResultProps {
  text: string;
  result: RuleCheck;
  /** Goes to an offset of the text. */
  onSpot: (at: number) => void;
}

/** What a check found: what is wrong and where, or what the draft changes. */
export function CheckResult({ text, result, onSpot }: CheckResultProps) {
  const { t, tn } = useWords();
  const { rule, problems, tests, in_use_version: used } = result;
  if (rule === null)
    return (
      <div role="alert">
        <ul className={styles["problems"]} data-testid="draft-problems">
          {problems.map((one) => (
            <Fault
              key={`${one.line}-${one.column}-${one.code}`}
              one={one}
              onGo={() => onSpot(offsetOf(text, one.line, one.column))}
            />
          ))}
        </ul>
      </div>
    );
  return (
    <div data-testid="draft-good">
      <p className={styles["good"]} role="status">
        <CheckCircleOutlined aria-hidden />{" "}
        {t("draft.good", { rule: rule.id, version: rule.version, tests: tn("draft.tests", tests) })}
      </p>
      {used === null ? (
        <p className={styles["files"]}>{t("draft.is_new", { rule: rule.id })}</p>
      ) : (
        <>
          <h3 className={styles["under"]}>{t("draft.against_in_use")}</h3>
          <Differences before={{ rule: rule.id }} after={{ text }} />
        </>
      )}
    </div>
  );
}

function Fault({ one, onGo }: { one: RuleProblem; onGo: () => void }) {
  const { t } = useWords();
  return (
    <li data-testid="draft-problem">
      <WarningOutlined aria-hidden />
      <div>
        <Button type="link" size="small" onClick={onGo}>
          {t("draft.line", { line: one.line, column: one.column })}
        </Button>
        <p>
          <strong>{one.detail}</strong>
        </p>
        <p>{one.next}</p>
        <p className={styles["code"]}>
          {t("problem.code")} <code>{one.code}</code>
        </p>
      </div>
    </li>
  );
}
