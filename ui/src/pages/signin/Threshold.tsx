import type { ReactNode } from "react";

import { useWords } from "../../i18n/language";
import { LanguageSwitch } from "../../layout/LanguageSwitch";
import { Logo } from "../../layout/Logo";
import styles from "./Threshold.module.css";

/** The frame of what is shown before anybody is let in. */
export function Threshold({ children }: { children: ReactNode }) {
  const { t } = useWords();
  return (
    <div className={styles["threshold"]}>
      <div className={styles["bar"]}>
        <LanguageSwitch />
      </div>
      <main className={styles["middle"]}>
        <div className={styles["gate"]}>
          <div className={styles["brand"]}>
            <Logo size={56} />
            <strong>{t("product.name")}</strong>
            <p>{t("product.sentence")}</p>
          </div>
          <div className={styles["sheet"]}>{children}</div>
        </div>
      </main>
    </div>
  );
}
