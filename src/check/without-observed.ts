/**
 * Declarations without the shapes that were only observed: such answers become `any`. What is a mistake
 * only by an observed shape may warn and must not stop a run; checking against both texts tells the two
 * apart. Typegen marks such a tool by `(answer: observed)` at the end of its comment.
 */
import type { Declarations } from "../spec/check.ts";

const marked = /\(answer: observed\)(?: @deprecated)?\s*\*\//g;
const maxKept = 64;
const kept = new Map<string, Declarations>();

export function hasObserved(text: string): boolean {
  return text.includes("(answer: observed)");
}

/** The same declarations with `Promise<any>` for every observed answer; a version of its own. */
export function withoutObserved(declarations: Declarations): Declarations {
  if (!hasObserved(declarations.text)) return declarations;
  const key = `${declarations.source}\0${declarations.version}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = {
    ...declarations,
    version: `${declarations.version}-stated`,
    text: replaceAnswers(declarations.text),
  };
  if (kept.size >= maxKept) kept.clear();
  kept.set(key, made);
  return made;
}

function replaceAnswers(text: string): string {
  let out = "";
  let from = 0;
  for (const match of text.matchAll(marked)) {
    const comment = match.index + match[0].length;
    if (comment < from) continue;
    const end = memberEnd(text, comment);
    out += text.slice(from, comment) + replaceInMember(text.slice(comment, end));
    from = end;
  }
  return out + text.slice(from);
}

/** Every signature in the member answers `any`: it has one, or several where tools share a name. */
function replaceInMember(member: string): string {
  let out = "";
  let from = 0;
  for (let at = member.indexOf("): Promise<"); at >= 0; at = member.indexOf("): Promise<", from)) {
    const open = at + "): Promise<".length;
    const close = closing(member, open);
    out += `${member.slice(from, open)}any`;
    from = close;
  }
  return out + member.slice(from);
}

/** Where the member ends: the first line end outside all brackets, comments and strings. */
function memberEnd(text: string, start: number): number {
  let depth = 0;
  let begun = false;
  for (let at = start; at < text.length; at = skip(text, at)) {
    const char = text[at] ?? "";
    if (opens(text, at)) depth += 1;
    else if (closes(text, at)) depth -= 1;
    if (depth < 0) return at;
    if (char === "\n" && depth === 0 && begun) return at;
    if (char.trim() !== "") begun = true;
  }
  return text.length;
}

/** The place of the bracket that closes the one before `start`. */
function closing(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < text.length; at = skip(text, at)) {
    if (opens(text, at)) depth += 1;
    else if (closes(text, at)) depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

/** The next place to look at: behind a string or a comment that begins here, or the next character. */
function skip(text: string, at: number): number {
  const char = text[at];
  if (char === '"' || char === "'" || char === "`") {
    for (let end = at + 1; end < text.length; end += 1) {
      if (text[end] === "\\") end += 1;
      else if (text[end] === char) return end + 1;
    }
    return text.length;
  }
  if (char !== "/") return at + 1;
  if (text[at + 1] === "*") return endOf(text, "*/", at + 2);
  return text[at + 1] === "/" ? endOf(text, "\n", at + 2) - 1 : at + 1;
}

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found + mark.length;
}

function opens(text: string, at: number): boolean {
  return "({[<".includes(text[at] ?? " ");
}

function closes(text: string, at: number): boolean {
  const char = text[at] ?? " ";
  return ")}]".includes(char) || (char === ">" && text[at - 1] !== "=");
}
