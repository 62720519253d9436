import type { StreamStatus } from "../api/eventStream";
import { useLive } from "../app/live";
import type { MessageKey } from "../i18n/messages";
import { useWords } from "../i18n/language";
import { useNarrow } from "../theme/mediaQuery";
import styles from "./LiveMark.module.css";

const WORDS: Readonly<Record<StreamStatus, MessageKey>> = {
  connecting: "live.connecting",
  live: "live.on",
  waiting: "live.waiting",
  refused: "live.refused",
};

/** Whether what is on screen follows what happens. */
export function LiveMark() {
  const { t } = useWords();
  const { status } = useLive();
  const narrow = useNarrow();
  return (
    <span
      className={styles["mark"]}
      data-status={status}
      data-testid="live-mark"
      role="status"
      title={t(`live.${status}_note`)}
    >
      <span className={styles["dot"]} aria-hidden="true" />
      <span className={narrow && status === "live" ? "unseen" : undefined}>{t(WORDS[status])}</span>
    </span>
  );
}
