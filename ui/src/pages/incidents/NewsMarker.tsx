import { ArrowUpOutlined } from "@ant-design/icons";

import { useWords } from "../../i18n/language";
import styles from "./Incidents.module.css";

/** "3 new": a press lets them in. Told to screen readers as they come. */
export function NewsMarker({ count, onTake }: { count: number; onTake: () => void }) {
  const { tn } = useWords();
  return (
    <div aria-live="polite">
      {count > 0 && (
        <button type="button" className={styles["news"]} onClick={onTake} data-testid="incidents-new">
          <ArrowUpOutlined aria-hidden /> {tn("incidents.new", count)}
        </button>
      )}
    </div>
  );
}
