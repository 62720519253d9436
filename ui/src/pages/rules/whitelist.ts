/** Days on which an entry of the whitelist may end. */

/** Longest life of an entry, as the API takes it. */
export const MOST_DAYS = 366;
export const DEFAULT_DAYS = 30;

const DAY_MS = 86_400_000;
const FORM = /^\d{4}-\d{2}-\d{2}$/;

/** The UTC day that is `days` after `now` (ms). */
export function dayAfter(now: number, days: number): string {
  return new Date(now + days * DAY_MS).toISOString().slice(0, 10);
}

/** The last second of a UTC day; undefined where the text is no day. */
export function endOfDay(day: string): string | undefined {
  const at = `${day}T23:59:59Z`;
  return FORM.test(day) && !Number.isNaN(Date.parse(at)) ? at : undefined;
}

/** Whether an entry may end with that UTC day: after now, and within the longest life. */
export function mayEnd(day: string, now: number): boolean {
  const end = endOfDay(day);
  if (end === undefined) return false;
  const ms = Date.parse(end);
  return ms > now && ms <= now + MOST_DAYS * DAY_MS;
}
