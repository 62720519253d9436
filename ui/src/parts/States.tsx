import { InboxOutlined, WarningOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { ReactNode } from "react";

import { problemOf } from "../api/problem";
import { useWords } from "../i18n/language";
import styles from "./parts.module.css";

/** What the API refused: the sentence, what to do next, and the code to quote to whoever helps. */
export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t, named } = useWords();
  const { detail, next, code } = problemOf(error);
  return (
    <div role="alert" className={`${styles["state"]} ${styles["problem"]}`} data-testid="problem">
      <WarningOutlined aria-hidden />
      <div className={styles["stateBody"]}>
        <p className={styles["stateTitle"]}>{detail || named("problem.what", code, t("problem.unknown"))}</p>
        <p className={styles["stateNext"]}>{next || named("problem.next", code, t("problem.unknown_next"))}</p>
        <p className={styles["stateCode"]}>
          {t("problem.code")} <code>{code}</code>
        </p>
        {retry !== undefined && (
          <div className={styles["stateActions"]}>
            <Button onClick={retry}>{t("action.retry")}</Button>
          </div>
        )}
      </div>
    </div>
  );
}

/** Nothing to show: what that means, and what could be done. */
export function Nothing({ title, next, children }: { title: string; next?: string; children?: ReactNode }) {
  return (
    <div className={`${styles["state"]} ${styles["quiet"]}`} data-testid="nothing">
      <InboxOutlined aria-hidden />
      <div className={styles["stateBody"]}>
        <p className={styles["stateTitle"]}>{title}</p>
        {next !== undefined && <p className={styles["stateNext"]}>{next}</p>}
        {children !== undefined && <div className={styles["stateActions"]}>{children}</div>}
      </div>
    </div>
  );
}

export function Loading({ lines = 6 }: { lines?: number }) {
  const { t } = useWords();
  return (
    <div className={styles["bones"]} role="status" aria-label={t("state.loading")}>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} />
      ))}
    </div>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

interface AwaitProps<T> {
  query: Asked<T>;
  lines?: number;
  children: (data: T) => ReactNode;
}

/** What came, what is wrong, or that it is on its way. Rows that are there stay while newer ones are fetched. */
export function Await<T>({ query, lines, children }: AwaitProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Problem error={query.error} retry={() => void query.refetch()} />;
  return <Loading {...(lines === undefined ? {} : { lines })} />;
}
