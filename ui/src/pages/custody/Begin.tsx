import { useWords } from "../../i18n/language";
import { Panel } from "../../parts/Page";
import { Nothing } from "../../parts/States";
import styles from "./Custody.module.css";

/** No ledger was begun here: how to begin one. */
export function Begin() {
  const { t } = useWords();
  return (
    <Panel flush testId="custody-begin">
      <Nothing title={t("custody.none")} next={t("custody.none_next")}>
        <code className={styles["command"]}>{t("custody.begin_command")}</code>
      </Nothing>
    </Panel>
  );
}
