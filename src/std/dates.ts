/**
 * Dates in UTC: adding, rounding, differences, formatting. A date may be given as a Date, ISO 8601 text or epoch
 * milliseconds.
 */

export type DateLike = Date | string | number;
export type DateUnit = "year" | "month" | "week" | "day" | "hour" | "minute" | "second";
export type Duration = { readonly [unit in `${DateUnit}s`]?: number };

const unitMs: { readonly [unit in Exclude<DateUnit, "year" | "month">]: number } = {
  week: 604_800_000,
  day: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1_000,
};

/** Throws a RangeError for what is no date. */
export function toDate(value: DateLike): Date {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) throw new RangeError(`${JSON.stringify(value)} is no date.`);
  return date;
}

/** `addToDate("2026-01-31", { months: 1 })` is the last day of February. */
export function addToDate(value: DateLike, duration: Duration): Date {
  const date = toDate(value);
  const months = (duration.years ?? 0) * 12 + (duration.months ?? 0);
  if (months !== 0) {
    const day = date.getUTCDate();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() + months);
    date.setUTCDate(Math.min(day, daysInMonth(date)));
  }
  const ms =
    (duration.weeks ?? 0) * unitMs.week +
    (duration.days ?? 0) * unitMs.day +
    (duration.hours ?? 0) * unitMs.hour +
    (duration.minutes ?? 0) * unitMs.minute +
    (duration.seconds ?? 0) * unitMs.second;
  return new Date(date.getTime() + ms);
}

/** The beginning of the unit that the date is in; weeks begin on Monday. */
export function startOf(value: DateLike, unit: DateUnit): Date {
  const date = toDate(value);
  if (unit === "year") return new Date(Date.UTC(date.getUTCFullYear(), 0));
  if (unit === "month") return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth()));
  if (unit === "week") return addToDate(startOf(date, "day"), { days: -((date.getUTCDay() + 6) % 7) });
  return new Date(Math.floor(date.getTime() / unitMs[unit]) * unitMs[unit]);
}

/** How many units lie between, `to` minus `from`: whole months and years, fractions of the others. */
export function dateDiff(from: DateLike, to: DateLike, unit: DateUnit): number {
  const [start, end] = [toDate(from), toDate(to)];
  if (unit !== "year" && unit !== "month") return (end.getTime() - start.getTime()) / unitMs[unit];
  const months =
    (end.getUTCFullYear() - start.getUTCFullYear()) * 12 + end.getUTCMonth() - start.getUTCMonth();
  const reached = addToDate(start, { months });
  const early = months > 0 && reached > end ? 1 : months < 0 && reached < end ? -1 : 0;
  const whole = months - early;
  return unit === "month" ? whole : Math.trunc(whole / 12);
}

/** Every start of the unit from `from` up to and without `to`. */
export function dateRange(from: DateLike, to: DateLike, unit: DateUnit = "day"): Date[] {
  const end = toDate(to);
  const dates: Date[] = [];
  for (let at = startOf(from, unit); at < end; at = addToDate(at, { [`${unit}s`]: 1 })) dates.push(at);
  return dates;
}

const months = "January February March April May June July August September October November December".split(
  " ",
);
const weekdays = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

/** `YYYY YY MMMM MMM MM M DD D dddd ddd HH H mm ss SSS`, and text in `[brackets]` as it is. Default `YYYY-MM-DD`. */
export function formatDate(value: DateLike, pattern = "YYYY-MM-DD"): string {
  const date = toDate(value);
  const parts = new Map<string, string>([
    ["YYYY", digits(date.getUTCFullYear(), 4)],
    ["YY", digits(date.getUTCFullYear() % 100)],
    ["MMMM", months[date.getUTCMonth()] ?? ""],
    ["MMM", (months[date.getUTCMonth()] ?? "").slice(0, 3)],
    ["MM", digits(date.getUTCMonth() + 1)],
    ["M", String(date.getUTCMonth() + 1)],
    ["DD", digits(date.getUTCDate())],
    ["D", String(date.getUTCDate())],
    ["dddd", weekdays[date.getUTCDay()] ?? ""],
    ["ddd", (weekdays[date.getUTCDay()] ?? "").slice(0, 3)],
    ["HH", digits(date.getUTCHours())],
    ["H", String(date.getUTCHours())],
    ["mm", digits(date.getUTCMinutes())],
    ["ss", digits(date.getUTCSeconds())],
    ["SSS", digits(date.getUTCMilliseconds(), 3)],
  ]);
  return pattern.replaceAll(
    /\[([^\]]*)\]|YYYY|YY|MMMM|MMM|MM|M|DD|D|dddd|ddd|HH|H|mm|ss|SSS/g,
    (part, literal: string | undefined) => literal ?? parts.get(part) ?? part,
  );
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

function digits(value: number, length = 2): string {
  return String(value).padStart(length, "0");
}
