/**
 * Lengths of time as a person writes them: `90s`, `30m`, `2h`, `7d`.
 */
import { CodemodeError } from "../../errors.ts";

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** In milliseconds. Throws `usage`, naming the flag. */
export function parseDuration(text: string, flag: string): number {
  const [, count = "", unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(count) * (unit in units ? units[unit as keyof typeof units] : 0);
  if (ms > 0) return ms;
  throw new CodemodeError("usage", `${flag} must be a length of time, not ${JSON.stringify(text)}.`, {
    hint: "Write 90s, 30m, 2h or 7d.",
  });
}
