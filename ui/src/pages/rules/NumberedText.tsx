import { linesOf } from "./draft";
import styles from "./Rules.module.css";

/** A text to read, its lines numbered; long lines are reached by scrolling, by keyboard too. */
export function NumberedText({ text, label }: { text: string; label: string }) {
  return (
    <div className={styles["reader"]} tabIndex={0} role="region" aria-label={label}>
      <ol>
        {linesOf(text.replace(/\n$/, "")).map((line, place) => (
          <li key={place}>
            <code>{line}</code>
          </li>
        ))}
      </ol>
    </div>
  );
}
