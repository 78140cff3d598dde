/**
 * The guest's time: stands still between deliveries, so that a replay sees the same. Every way to ask for
 * "now" is built on it here.
 */

export interface Clock {
  readonly now: () => number;
  /** Milliseconds since the start. */
  readonly elapsed: () => number;
  readonly advance: (to: number) => void;
}

export function createClock(start: number): Clock {
  let current = start;
  return {
    now: () => current,
    elapsed: () => current - start,
    advance(to) {
      if (to > current) current = to;
    },
  };
}

export function createPerformance({ now, elapsed }: Clock): object {
  const timeOrigin = now() - elapsed();
  return { now: elapsed, timeOrigin, toJSON: () => ({ timeOrigin }) };
}

/** Shares `Date.prototype`, so that dates made anywhere are dates. */
export function createDate({ now }: Clock, Native: DateConstructor): unknown {
  function PatchedDate(this: unknown, ...args: unknown[]): unknown {
    if (new.target === undefined) return new Native(now()).toString();
    const given = args.length === 0 ? [now()] : args;
    return Reflect.construct(Native, given, new.target === PatchedDate ? Native : new.target);
  }
  for (const name of ["parse", "UTC"]) {
    const value: unknown = Reflect.get(Native, name);
    Object.defineProperty(PatchedDate, name, { value, writable: true, configurable: true });
  }
  Object.defineProperty(PatchedDate, "now", { value: now, writable: true, configurable: true });
  Object.defineProperty(PatchedDate, "name", { value: "Date", configurable: true });
  Object.defineProperty(PatchedDate, "length", { value: 7, configurable: true });
  PatchedDate.prototype = Native.prototype;
  Object.defineProperty(Native.prototype, "constructor", {
    value: PatchedDate,
    writable: true,
    configurable: true,
  });
  return PatchedDate;
}

/** Formatting without a date formats "now". */
export function patchIntl({ now }: Clock, Intl: typeof globalThis.Intl): unknown {
  const prototype = Intl.DateTimeFormat.prototype;
  const formatOf: unknown = Reflect.get(Object.getOwnPropertyDescriptor(prototype, "format") ?? {}, "get");
  const formatToParts: unknown = Reflect.get(prototype, "formatToParts");
  if (typeof formatOf !== "function" || typeof formatToParts !== "function") return Intl;
  Object.defineProperty(prototype, "format", {
    configurable: true,
    get(this: Intl.DateTimeFormat) {
      const format: (date: unknown) => string = Reflect.apply(formatOf, this, []);
      return (date?: unknown) => format(date === undefined ? now() : date);
    },
  });
  Object.defineProperty(prototype, "formatToParts", {
    configurable: true,
    writable: true,
    value(this: Intl.DateTimeFormat, date?: Date | number) {
      return Reflect.apply(formatToParts, this, [date === undefined ? now() : date]);
    },
  });
  return Intl;
}
