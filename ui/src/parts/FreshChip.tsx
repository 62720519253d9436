import { useWords } from "../i18n/language";
import { Chip, type Tone } from "./Marks";
import { useNow } from "./useNow";

export type Freshness = "fresh" | "late" | "silent" | "never";

const HOUR = 3_600_000;
const TONES: Readonly<Record<Freshness, Tone>> = { fresh: "good", late: "medium", silent: "high", never: "plain" };

/** Fresh within the hour, late within the day, silent after it. */
export function freshness(at: string | null, now: number): Freshness {
  if (at === null) return "never";
  const age = now - Date.parse(at);
  return age <= HOUR ? "fresh" : age <= 24 * HOUR ? "late" : "silent";
}

export function FreshChip({ at }: { at: string | null }) {
  const { t } = useWords();
  const now = useNow();
  const state = freshness(at, now);
  return <Chip tone={TONES[state]}>{t(`freshness.${state}`)}</Chip>;
}
