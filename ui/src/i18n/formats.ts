import type { Language } from "./messages";

export interface Formats {
  /** 20000 as 20,000. */
  number: (n: number) => string;
  /** A share from 0 to 1 as per cent. */
  percent: (share: number) => string;
  /** Bytes in decimal units, as operators bill them. */
  bytes: (n: number) => string;
  /** Seconds as 42 s, 3 min 05 s, 1 h 02 min. */
  duration: (seconds: number) => string;
  /** Date and time in the reader's zone, to the second. */
  dateTime: (at: Moment) => string;
  /** Time of day in the reader's zone, to the second. */
  time: (at: Moment) => string;
  /** A calendar day as the language writes it; `day` is YYYY-MM-DD and is not shifted by any zone. */
  day: (day: string) => string;
  /** How long ago, in the largest unit that fits. */
  ago: (at: Moment, now?: number) => string;
  /** The same moment in UTC, ISO 8601, for tooltips. */
  utc: (at: Moment) => string;
  /** The reader's clock at a given hour of a UTC day, such as 08:00. */
  hourOfUtcDay: (day: string, hour: number) => string;
  /** Texts joined as the language lists them. */
  list: (texts: readonly string[]) => string;
}

/** ISO 8601 text, or seconds since 1970 as records carry them. */
export type Moment = string | number;

const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

const AGES: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

const DAY_FORM = /^\d{4}-\d{2}-\d{2}$/;

export function formats(language: Language, zone?: string): Formats {
  const timeZone = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const numbers = new Intl.NumberFormat(language);
  const clock: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  const calendar: Intl.DateTimeFormatOptions = { year: "numeric", month: "short", day: "numeric" };
  const dateTimes = new Intl.DateTimeFormat(language, { ...calendar, ...clock, timeZone });
  const times = new Intl.DateTimeFormat(language, { ...clock, timeZone });
  const days = new Intl.DateTimeFormat(language, { ...calendar, timeZone: "UTC" });
  const hours = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
  const ages = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const listing = new Intl.ListFormat(language, { type: "conjunction", style: "narrow" });
  return {
    number: (n) => numbers.format(n),
    percent: (share) => new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(share),
    bytes: (n) => formatBytes(language, n),
    duration: (seconds) => formatDuration(language, seconds),
    dateTime: (at) => shown(dateTimes, at),
    time: (at) => shown(times, at),
    day: (day) => (DAY_FORM.test(day) ? days.format(new Date(`${day}T00:00:00Z`)) : day),
    ago: (at, now = Date.now()) => formatAge(ages, moment(at).getTime() - now),
    utc: (at) => (Number.isNaN(moment(at).getTime()) ? String(at) : moment(at).toISOString().replace(".000Z", "Z")),
    hourOfUtcDay: (day, hour) => hours.format(new Date(`${day}T${String(hour).padStart(2, "0")}:00:00Z`)),
    list: (texts) => listing.format(texts),
  };
}

function moment(at: Moment): Date {
  return new Date(typeof at === "number" ? at * 1000 : at);
}

function shown(format: Intl.DateTimeFormat, at: Moment): string {
  const date = moment(at);
  return Number.isNaN(date.getTime()) ? String(at) : format.format(date);
}

function formatBytes(language: Language, n: number): string {
  const step = n < 1000 ? 0 : Math.min(Math.floor(Math.log10(n) / 3), BYTE_UNITS.length - 1);
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: BYTE_UNITS[step] ?? "byte",
    unitDisplay: step === 0 ? "narrow" : "short",
    maximumFractionDigits: step === 0 ? 0 : 1,
  }).format(n / 1000 ** step);
}

function formatDuration(language: Language, seconds: number): string {
  const part = (value: number, unit: string) =>
    new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(value);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = Math.floor(seconds % 60);
  if (hours > 0) return minutes > 0 ? `${part(hours, "hour")} ${part(minutes, "minute")}` : part(hours, "hour");
  if (minutes > 0) return rest > 0 ? `${part(minutes, "minute")} ${part(rest, "second")}` : part(minutes, "minute");
  return part(rest, "second");
}

function formatAge(ages: Intl.RelativeTimeFormat, milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  for (const [unit, size] of AGES) {
    if (Math.abs(seconds) >= size) return ages.format(Math.trunc(seconds / size), unit);
  }
  return ages.format(0, "second");
}
