/**
 * Says in a few words why a configured source does not offer what it has: that it is starting, or that it is down and
 * what would help. The words are shown to models, and partly a stranger's: one line, bounded.
 */
import { CodemodeError } from "../errors.ts";
import { isRecord } from "../schema/is-record.ts";
import type { SourceTrouble } from "../spec/tool.ts";

const maxChars = 240;
const unseen = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]+/gu;
const stderrMark = /\s*Its last words on stderr:\s*/;

export function startingTrouble(name: string): SourceTrouble {
  return { name, state: "starting", text: "starting" };
}

/** `set GITHUB_TOKEN` where that is all there is to it, else what went wrong and what its process said. */
export function downTrouble(name: string, error: CodemodeError | string): SourceTrouble {
  const variable = typeof error === "string" ? undefined : missingVariable(error);
  const reason = variable === undefined ? shorten(error, name) : `set ${variable}`;
  return { name, state: "down", text: `down, ${reason}` };
}

/** The whole reason on one line, for a person. */
export function toReason({ message, hint }: CodemodeError): string {
  const line = message.replaceAll(/\s*\n\s*/g, "; ").replace(/(Its last words on stderr:);/, "$1");
  return hint === undefined ? line : `${line} ${hint}`;
}

/** Whatever was wrapped around it on its way. */
function missingVariable(error: CodemodeError): string | undefined {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    const data = each instanceof CodemodeError ? each.data : undefined;
    if (isRecord(data) && typeof data["variable"] === "string") return data["variable"];
  }
  return undefined;
}

/** What a process said last tells more than that it has ended: both keep a place. */
function shorten(error: CodemodeError | string, name: string): string {
  const message = typeof error === "string" ? error : error.message;
  const [said = "", ...words] = message.split(stderrMark);
  const head = line(said).replace(`"${name}" `, "").replace(/\.$/, "");
  const tail = line(words.join(" "));
  const half = tail === "" ? maxChars : maxChars / 2;
  const shown = head.length > half ? `${head.slice(0, half - 1)}…` : head;
  if (tail === "") return shown;
  return `${shown}: ${tail.length > half ? `…${tail.slice(1 - half)}` : tail}`;
}

function line(text: string): string {
  return text.toWellFormed().replaceAll(unseen, " ").trim();
}
