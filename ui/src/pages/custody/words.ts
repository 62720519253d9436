import { useWords } from "../../i18n/language";

const DAY = 86_400;

/** Words, and how long a card stayed. */
export function useCustodyWords() {
  const words = useWords();
  const dwell = (seconds: number) =>
    seconds < DAY ? words.duration(seconds) : words.tn("custody.days", Math.floor(seconds / DAY));
  return { ...words, dwell };
}
