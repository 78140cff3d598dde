/**
 * Whether a moment lies in the window of a rule, in the rule's own time zone.
 */
import type { PolicyRule } from "./policy-rules.ts";

type TimeWindow = NonNullable<PolicyRule["time"]>;

/** `from` is inside, `to` is not; a window over midnight belongs to the day it begins on. Throws RangeError for an unknown zone. */
export function matchTime({ days, from, to, zone = "UTC" }: TimeWindow, now: number): boolean {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(now);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? "";
  const clock = `${part("hour")}:${part("minute")}`;
  const today = weekdays.indexOf(part("weekday").toLowerCase());
  const overMidnight = from !== undefined && to !== undefined && from > to;
  const begunYesterday = overMidnight && clock < to;
  const day = weekdays[begunYesterday ? (today + 6) % 7 : today];
  if (days !== undefined && !days.some((each) => each === day)) return false;
  if (overMidnight) return clock >= from || clock < to;
  return (from === undefined || clock >= from) && (to === undefined || clock < to);
}

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
