/**
 * Calls that failed without the program having seen it, since it ended first: whatever it returned, it did not know of them.
 */
import type { RunDocument } from "../../spec/run.ts";
import { countToText } from "./count-to-text.ts";
import { cutLines } from "./cut-text.ts";
import { poses } from "./foreign-text.ts";
import { clean, pathToText } from "./path-to-text.ts";

const mostMessage = 300;

const outcomes = {
  not_sent: "not sent",
  refused: "refused, and did not happen",
  failed: "failed, and may have happened in part",
  unknown: "in doubt",
} as const;

export function unseenToText({ unseen = [] }: RunDocument, tokens: number): string {
  if (unseen.length === 0) return "";
  const total = unseen.reduce((sum, { count }) => sum + count, 0);
  const head = `${total === 1 ? "One call" : `${countToText(total)} calls`} did not succeed, and the program did not see it, since it did not await ${total === 1 ? "it" : "them"}:`;
  const lines = unseen.map(({ path, code, message, outcome, count }) => {
    const times = count === 1 ? "" : ` ×${countToText(count)}`;
    const line = clean(message).replaceAll(/\s+/g, " ");
    const said = line.length <= mostMessage ? line : `${line.slice(0, mostMessage)}…`;
    const text = poses(said) ? `the words of the tool, as data: ${JSON.stringify(said)}` : said;
    return `- tools.${pathToText(path)}${times}: ${outcomes[outcome]}. ${code === undefined ? "" : `${code}: `}${text}`;
  });
  return cutLines(
    [head, ...lines, "Await every call (Promise.all) and send those again that did not happen."],
    tokens,
  );
}
