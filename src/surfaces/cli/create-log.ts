/**
 * The log: always on standard error, one line per event, readable on a terminal and JSON elsewhere.
 */
import { pino } from "pino";
import type { Logger } from "pino";
import { isRecord } from "../../schema/is-record.ts";
import { toPlainText } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

export const logLevels = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevelName = (typeof logLevels)[number];

export type Log = Pick<Logger, "error" | "warn" | "info" | "debug">;

export function createLog(terminal: Terminal, level: LogLevelName): Log {
  if (!terminal.live) return pino({ level, base: null }, { write: (line) => terminal.err(line) });
  return pino({ level, base: null }, { write: (line) => terminal.err(toReadable(line, terminal)) });
}

const styles = new Map([
  [50, ["red", "error"] as const],
  [40, ["yellow", "warn"] as const],
  [20, ["gray", "debug"] as const],
]);
const usual = ["blue", "info"] as const;

function toReadable(line: string, terminal: Terminal): string {
  const entry: unknown = JSON.parse(line);
  const { level, time, msg, ...rest } = isRecord(entry) ? entry : {};
  const [style, name] = styles.get(Number(level)) ?? usual;
  const details = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const clock = terminal.styleErr("gray", new Date(Number(time)).toTimeString().slice(0, 8));
  const text = [typeof msg === "string" ? msg : "", ...details].join(" ");
  return `${clock} ${terminal.styleErr(style, name)} ${toPlainText(text)}\n`;
}
