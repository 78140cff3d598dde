/**
 * The snippet's console: each line is formatted compactly and sent to the host until the budget is used up.
 */
import type { LogLevel } from "../../../spec/engine.ts";
import { utf8Length } from "../utf8-length.ts";
import type { Clock } from "./clock.ts";
import { formatArguments, formatValue } from "./format-value.ts";
import { snippetFrames } from "./snippet-position.ts";

export interface GuestConsole {
  readonly console: object;
  /** Logs an error that nobody caught. */
  readonly report: (prefix: string, thrown: unknown) => void;
}

export interface ConsoleOptions {
  /** Bytes in total. */
  readonly limit: number;
  readonly clock: Clock;
  readonly push: (frame: string) => void;
}

export function createConsole({ limit, clock, push }: ConsoleOptions): GuestConsole {
  const stringify = JSON.stringify;
  const counts = new Map<string, number>();
  const started = new Map<string, number>();
  let left = limit;
  let indent = "";

  /** The host cuts the line that passes the budget and marks the cut, so one such line is still sent. */
  function write(level: LogLevel, text: string): void {
    if (left < 0) return;
    const line = indent === "" ? text : indent + text.replaceAll("\n", `\n${indent}`);
    const sent = line.slice(0, left + 1);
    left -= utf8Length(sent, left) + 1;
    push(`["log","${level}",${stringify(sent)}]`);
  }

  const log =
    (level: LogLevel) =>
    (...args: unknown[]): void => {
      if (left >= 0) write(level, formatArguments(args, left + 1));
    };

  const console = {
    debug: log("debug"),
    log: log("log"),
    info: log("info"),
    warn: log("warn"),
    error: log("error"),
    dir: (value: unknown) => log("log")(value),
    dirxml: log("log"),
    table: (value: unknown) => log("log")(value),
    trace(...args: unknown[]) {
      const frames = snippetFrames(new Error("trace"));
      write("debug", [`Trace: ${formatArguments(args, left + 1)}`, ...frames].join("\n"));
    },
    assert(condition?: unknown, ...args: unknown[]) {
      if (!condition) write("error", `Assertion failed: ${formatArguments(args, left + 1)}`);
    },
    count(label: unknown = "default") {
      const count = (counts.get(String(label)) ?? 0) + 1;
      counts.set(String(label), count);
      write("log", `${String(label)}: ${count}`);
    },
    countReset: (label: unknown = "default") => void counts.delete(String(label)),
    group(...args: unknown[]) {
      if (args.length > 0) log("log")(...args);
      if (indent.length < 40) indent += "  ";
    },
    groupCollapsed: (...args: unknown[]) => console.group(...args),
    groupEnd: () => void (indent = indent.slice(2)),
    time: (label: unknown = "default") => void started.set(String(label), clock.now()),
    timeLog(label: unknown = "default") {
      write("log", `${String(label)}: ${clock.now() - (started.get(String(label)) ?? clock.now())} ms`);
    },
    timeEnd(label: unknown = "default") {
      console.timeLog(label);
      started.delete(String(label));
    },
    clear: () => {},
  };

  return {
    console,
    report: (prefix, thrown) => write("error", `${prefix} ${formatValue(thrown, Math.min(left + 1, 8_000))}`),
  };
}
