/**
 * Passes log lines on until their bytes are used up; the line that does not fit is cut and says so, and
 * everything after it is dropped.
 */
import type { LogLine } from "../../spec/engine.ts";
import { utf8Length } from "./utf8-length.ts";

export interface LogBudget {
  readonly take: (line: LogLine) => void;
  readonly close: () => void;
}

export function createLogBudget(limit: number, pass: (line: LogLine) => void): LogBudget {
  let left = limit;
  let open = true;
  return {
    take(line) {
      if (!open) return;
      const bytes = utf8Length(line.text, left) + 1;
      if (bytes <= left) {
        left -= bytes;
        pass(line);
        return;
      }
      open = false;
      const cut = Buffer.from(line.text.slice(0, left))
        .subarray(0, left)
        .toString("utf8")
        .replace(/\uFFFD$/, "");
      pass({ level: line.level, text: `${cut}… [console output cut at ${limit} bytes]` });
    },
    close() {
      open = false;
    },
  };
}
