/**
 * Finds lines in the files of a workspace. Patterns are a stranger's, so they run in linear time, over so much text as
 * one search may look at, and the host's other work goes on in between.
 */
import { Buffer } from "node:buffer";
import { setImmediate } from "node:timers/promises";
import { CodemodeError } from "../../errors.ts";
import { matchGlob } from "../../match-glob.ts";
import { compilePattern } from "../../schema/linear-pattern.ts";
import type { FileHit, FileSearch, FileSearchAnswer, FileStore } from "../../spec/files.ts";
import type { Workspace } from "../../spec/workspace.ts";

const mostHits = 1_000;
const mostShown = 500;
/** A line is looked at in pieces of so many characters. */
const pieceLength = 100_000;
/** Characters of plain text that one search looks at; a pattern's count for more. */
const mostCost = 256 * 2 ** 20;
const patternCost = 20;
const costPerTurn = 4 * 2 ** 20;

/** Where something begins in a text, or -1. */
interface Finder {
  readonly at: (text: string) => number;
  readonly cost: number;
}

/** Throws `usage` for an empty text, a pattern that is none and a limit out of range. Files that are no text are passed over. */
export async function searchFiles(
  search: FileSearch,
  { files, workspace }: { readonly files: FileStore; readonly workspace: Workspace },
): Promise<FileSearchAnswer> {
  const { glob = "*", limit = 100 } = search;
  if (!Number.isInteger(limit) || limit < 1 || limit > mostHits)
    throw new CodemodeError("usage", `A search answers 1 to ${mostHits} lines.`);
  const find = toFinder(search);
  const hits: FileHit[] = [];
  let spent = 0;
  for (const { path, bytes } of await files.list(workspace)) {
    if (!matchGlob(glob, path)) continue;
    if (spent + bytes * find.cost > mostCost) return { hits, truncated: true };
    spent += bytes * find.cost;
    const text = toSearchedText((await files.read(workspace, path))?.content);
    if (text === undefined) continue;
    const full = await findIn(text, { path, find, hits, limit });
    if (full) return { hits, truncated: true };
  }
  return { hits, truncated: false };
}

function toFinder({ text, regex = false, ignoreCase = false }: FileSearch): Finder {
  if (text === "" || text.length > 4_096)
    throw new CodemodeError("usage", "A search takes a text of 1 to 4,096 characters.");
  if (!regex) {
    const wanted = ignoreCase ? text.toLowerCase() : text;
    return { at: (line) => (ignoreCase ? line.toLowerCase() : line).indexOf(wanted), cost: 1 };
  }
  const pattern = compilePattern(ignoreCase ? `(?i)(?:${text})` : text);
  if (pattern === undefined)
    throw new CodemodeError("usage", "The search's text is no regular expression that can be used.", {
      hint: "Look-ahead and back references are not known; leave out regex to find plain text.",
    });
  return { at: (line) => (pattern.test(line) ? 0 : -1), cost: patternCost * pattern.costPerCharacter };
}

/** Nothing for what looks like no text. */
function toSearchedText(content: Uint8Array | undefined): string | undefined {
  if (content === undefined || content.subarray(0, 8_192).includes(0)) return undefined;
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("utf8");
}

interface Hunt {
  readonly path: string;
  readonly find: Finder;
  readonly hits: FileHit[];
  readonly limit: number;
}

/** Whether there is more than may be answered. */
async function findIn(text: string, { path, find, hits, limit }: Hunt): Promise<boolean> {
  let turn = 0;
  for (let at = 0, line = 1; at < text.length; line += 1) {
    const newline = text.indexOf("\n", at);
    const end = newline === -1 ? text.length : newline;
    for (let from = at; from < end || from === at; from += pieceLength) {
      const piece = text.slice(from, Math.min(end, from + pieceLength)).replace(/\r$/, "");
      turn += (piece.length + 16) * find.cost;
      if (turn > costPerTurn) {
        turn = 0;
        await setImmediate();
      }
      const found = find.at(piece);
      if (found === -1) continue;
      if (hits.length === limit) return true;
      hits.push({ path, line, text: around(piece, found) });
      break;
    }
    at = end + 1;
  }
  return false;
}

function around(line: string, found: number): string {
  const from = line.length <= mostShown ? 0 : Math.max(0, Math.min(found - 100, line.length - mostShown));
  return line.slice(from, from + mostShown).toWellFormed();
}
