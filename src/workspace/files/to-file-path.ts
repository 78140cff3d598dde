/**
 * Reads the path of a file: relative, with `/`, and such that it names the same thing and nothing else on every system
 * that it may be copied to.
 */
import { Buffer } from "node:buffer";
import { CodemodeError } from "../../errors.ts";

export const mostPathBytes = 512;
const mostSegments = 32;
const mostSegmentBytes = 200;

/** Devices of Windows, whatever follows their dot. */
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

/** Without `.` and doubled slashes, in composed form. Throws `file_path_invalid`. */
export function toFilePath(given: unknown): string {
  if (typeof given !== "string") throw invalid(`A file's path is a string, not ${typeof given}.`);
  const problem = problemOf(given);
  if (problem !== undefined) throw invalid(`${JSON.stringify(shorten(given))} ${problem}`);
  const path = toSegments(given).join("/").normalize("NFC");
  if (Buffer.byteLength(path) <= mostPathBytes) return path;
  throw invalid(`${JSON.stringify(shorten(given))} has more than ${mostPathBytes} bytes.`);
}

function toSegments(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "" && segment !== ".");
}

function problemOf(given: string): string | undefined {
  if (given.length > mostPathBytes) return `has more than ${mostPathBytes} bytes.`;
  if (!given.isWellFormed()) return "has half of a surrogate pair, which is no text.";
  // Control characters, and those that are not seen or turn the direction of what follows.
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(given)) return "has a character that cannot be seen.";
  if (given.includes("\\")) return "has a backslash; folders are parted by /.";
  const wrong = /[<>:"|?*]/.exec(given)?.[0];
  if (wrong !== undefined) return `has the character ${wrong}, which no file may have on some systems.`;
  if (given.startsWith("/")) return "is absolute; paths are relative to the workspace.";
  if (given.endsWith("/")) return "ends with a slash, and so names a folder.";
  const segments = toSegments(given);
  if (segments.length === 0) return "names nothing.";
  if (segments.length > mostSegments) return `has more than ${mostSegments} parts.`;
  for (const segment of segments) {
    if (segment === "..") return "has .. in it; a path stays inside the workspace.";
    if (/[. ]$/.test(segment)) return "has a part that ends with a dot or a space.";
    if (segment.startsWith(" ") || device.test(segment.normalize("NFKC")))
      return `has a part that is no name on some systems: ${JSON.stringify(shorten(segment))}.`;
    if (Buffer.byteLength(segment) > mostSegmentBytes)
      return `has a part of more than ${mostSegmentBytes} bytes.`;
  }
  return undefined;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80).toWellFormed()}…` : text.toWellFormed();
}

function invalid(message: string): CodemodeError {
  return new CodemodeError("file_path_invalid", message, {
    hint: 'Name it like "reports/2026/open.csv".',
  });
}
