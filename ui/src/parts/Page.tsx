import { useEffect, type ReactNode } from "react";

import { useWords } from "../i18n/language";
import styles from "./parts.module.css";

interface PageProps {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page's heading and its title in the browser's tab. */
export function Page({ title, note, actions, children }: PageProps) {
  const { t } = useWords();
  useEffect(() => {
    document.title = `${title} · ${t("product.name")}`;
  }, [title, t]);
  return (
    <>
      <header className={styles["pageHead"]}>
        <div>
          <h1>{title}</h1>
          {note !== undefined && <p className={styles["pageNote"]}>{note}</p>}
        </div>
        {actions}
      </header>
      {children}
    </>
  );
}

interface PanelProps {
  title?: ReactNode;
  note?: ReactNode;
  /** Rows reach the panel's edges. */
  flush?: boolean;
  testId?: string;
  className?: string | undefined;
  children: ReactNode;
}

export function Panel({ title, note, flush = false, testId, className = "", children }: PanelProps) {
  return (
    <section className={`${styles["panel"]} ${className}`} data-testid={testId}>
      {title !== undefined && (
        <header className={styles["panelHead"]}>
          <h2>{title}</h2>
          {note !== undefined && <span className={styles["panelNote"]}>{note}</span>}
        </header>
      )}
      <div className={flush ? styles["panelFlush"] : styles["panelBody"]}>{children}</div>
    </section>
  );
}
