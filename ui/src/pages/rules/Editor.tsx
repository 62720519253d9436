import { useEffect, useRef, type KeyboardEvent } from "react";

import { useWords } from "../../i18n/language";
import { LONGEST_TEXT, linesOf } from "./draft";
import styles from "./Rules.module.css";

/** A place to go to: offset in the text. A new object goes there again. */
export interface Spot {
  at: number;
}

interface EditorProps {
  text: string;
  onChange: (text: string) => void;
  onCheck: () => void;
  /** Lines, from 1, that are wrong. */
  faulty: readonly number[];
  spot: Spot | undefined;
}

/** A text with line numbers beside it. Tab leaves the field, as keyboard users expect. */
export function Editor({ text, onChange, onCheck, faulty, spot }: EditorProps) {
  const { t } = useWords();
  const field = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (spot === undefined || field.current === null) return;
    const area = field.current;
    area.focus();
    area.setSelectionRange(spot.at, spot.at);
    const line = linesOf(area.value.slice(0, spot.at)).length;
    area.scrollTop = (line - 4) * Number.parseFloat(getComputedStyle(area).lineHeight);
  }, [spot]);
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    onCheck();
  };
  return (
    <div className={styles["editor"]}>
      <div ref={gutter} className={styles["gutter"]} aria-hidden="true">
        {linesOf(text).map((_, place) => (
          <span key={place} data-faulty={faulty.includes(place + 1) || undefined}>
            {place + 1}
          </span>
        ))}
      </div>
      <textarea
        ref={field}
        value={text}
        rows={24}
        wrap="off"
        maxLength={LONGEST_TEXT}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        aria-label={t("draft.text")}
        aria-invalid={faulty.length > 0}
        placeholder={t("draft.placeholder")}
        data-testid="draft-text"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={keys}
        onScroll={(event) => gutter.current?.scrollTo({ top: event.currentTarget.scrollTop })}
      />
    </div>
  );
}
