import type { Moment } from "../i18n/formats";
import { useWords } from "../i18n/language";
import { useNow } from "./useNow";

/** A moment in the reader's zone; UTC in the tooltip. */
export function At({ at }: { at: Moment | null | undefined }) {
  const { dateTime, utc } = useWords();
  if (at === null || at === undefined) return <Dash />;
  return (
    <time dateTime={utc(at)} title={utc(at)}>
      {dateTime(at)}
    </time>
  );
}

/** How long ago, kept up to date; the exact moment in the tooltip. What came after the last tick is "now". */
export function Ago({ at }: { at: Moment | null | undefined }) {
  const { ago, dateTime, utc } = useWords();
  const now = useNow();
  if (at === null || at === undefined) return <Dash />;
  return (
    <time dateTime={utc(at)} title={dateTime(at)}>
      {ago(at, Math.max(now, Date.parse(utc(at))))}
    </time>
  );
}

/** No value: a dash to the eye, a word to a screen reader. */
export function Dash() {
  const { t } = useWords();
  return (
    <span>
      <span aria-hidden="true">–</span>
      <span className="unseen">{t("state.no_value")}</span>
    </span>
  );
}
