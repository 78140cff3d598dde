/**
 * Contents of files as text, JSON and bytes, and where they may be written: what is not what it is read as is said.
 */
import { Buffer } from "node:buffer";
import { CodemodeError } from "../../errors.ts";
import { parseExact, type ParsedExactly } from "../../json/parse-exact.ts";
import { toFilePath } from "../../workspace/files/to-file-path.ts";

/** Below it only the product writes: what runs leave that is too large for a model's context. */
export const artifactsFolder = "runs/";

/** Throws `file_path_invalid`, for a path below `runs/` as well. */
export function toWritablePath(given: unknown): string {
  const path = toFilePath(given);
  if (!path.startsWith(artifactsFolder)) return path;
  throw new CodemodeError(
    "file_path_invalid",
    `${JSON.stringify(path.slice(0, 80))} is below runs/, where only results of runs are kept.`,
    { hint: "Name it otherwise, or write a copy of what is there under another name." },
  );
}

/** Throws `file_content_invalid`. */
export function textToBytes(text: string): Uint8Array {
  if (text.isWellFormed()) return Buffer.from(text);
  throw new CodemodeError(
    "file_content_invalid",
    "The text has half of a surrogate pair, which no file can hold as text.",
    { hint: "Call .toWellFormed() on it, or write bytes." },
  );
}

/** Throws `file_content_invalid` for what is no UTF-8. */
export function bytesToText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new CodemodeError("file_content_invalid", `${JSON.stringify(path)} is no UTF-8 text.`, {
      hint: "Read it with codemode.fs.readBytes.",
      cause,
    });
  }
}

/** Throws `file_content_invalid`. */
export function bytesToJson(bytes: Uint8Array, path: string): ParsedExactly {
  const text = bytesToText(bytes, path);
  try {
    return parseExact(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new CodemodeError(
      "file_content_invalid",
      `${JSON.stringify(path)} is no JSON: ${said.slice(0, 200)}`,
      {
        hint: "Read it with codemode.fs.readText.",
        cause,
      },
    );
  }
}
