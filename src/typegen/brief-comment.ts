/**
 * What is said before a property for a reader with little room. What decides whether a call succeeds and is right
 * comes first: bounds, formats, units. Prose and defaults follow where there is room.
 */
import { simpleType } from "./flatten-type.ts";
import { commentText } from "./doc-comment.ts";
import type { TypeBuilder } from "./schema-to-type.ts";
import type { TypeComment, TypeId } from "./type-table.ts";

/** Longer notes are patterns and lists, which `describe` shows whole. */
const maxNote = 40;
const maxNotes = 70;
const maxUnit = 60;

export interface BriefCommentOptions {
  /** Characters of prose; 0 leaves out prose and defaults, and never bounds or units. */
  readonly prose: number;
}

/** Ends in a space unless it is empty. */
export function briefComment(builder: TypeBuilder, id: TypeId, { prose }: BriefCommentOptions): string {
  const comments = commentsAround(builder, id);
  const notes = comments.flatMap((comment) => comment.notes.split(/, (?=default |e\.g\. )/));
  const decisive = fitting(notes.filter((note) => !isUse(note)));
  const description = comments.map((comment) => comment.description).find((text) => text !== "") ?? "";
  const said = prose === 0 ? "" : firstSentence(description, prose);
  const unit = unitPhrase(description);
  const usual = prose === 0 ? [] : fitting(notes.filter(isUse)).slice(0, 1);
  const isSaid = unit === "" || said.includes(unit) || decisive.some((note) => note.includes(unit));
  const first = [...decisive, ...(isSaid ? [] : [unit])].join(", ");
  const text = commentText(
    [first, [said, ...usual].filter((part) => part !== "").join(", ")]
      .filter((part) => part !== "")
      .join("; "),
  );
  return text === "" ? "" : `/** ${text} */ `;
}

/** Innermost first: what a type demands of a value is said before what a use of it adds. */
function commentsAround(builder: TypeBuilder, id: TypeId): TypeComment[] {
  const { table } = builder;
  const comments: TypeComment[] = [];
  const seen = new Set<TypeId>();
  let at = id;
  for (;;) {
    if (seen.has(at)) break;
    seen.add(at);
    const node = table.node(at);
    if (node.kind === "comment") {
      comments.unshift(node.comment);
      at = node.type;
    } else if (node.kind === "slot" && simpleType(builder, node.slot) !== undefined) {
      // A type that keeps its name says these things where it is declared; one that does not is written out here.
      at = builder.bodyOf(node.slot);
    } else break;
  }
  return comments;
}

function isUse(note: string): boolean {
  return note.startsWith("default ") || note.startsWith("e.g. ");
}

function fitting(notes: readonly string[]): string[] {
  let left = maxNotes;
  return notes.filter((note) => {
    if (note === "" || note.length > maxNote || note.length > left) return false;
    left -= note.length + 2;
    return true;
  });
}

/** Words without which a right-looking value is a wrong one. */
const unitWords =
  /\b(?:unix|epoch|milliseconds?|seconds?|minutes|hours|cents|minor units?|iso[ -]?8601|rfc ?3339|utc|yyyy-mm-dd|inclusive|exclusive|percent(?:age)?|basis points|bytes|kilobytes|kib|mib|comma[- ]separated|base64|lower ?case|upper ?case|case[- ]sensitive|zero[- ]based|1-based|0-based)\b/i;

/** The clause of a description that names a unit or a form: `Unix seconds, inclusive`. Empty where there is none. */
export function unitPhrase(description: string): string {
  const folded = description.slice(0, 2_000).replaceAll(/\s+/g, " ");
  const sentences = folded.split(/(?<=[.!?;])\s+|\s*[()]\s*/);
  const sentence =
    sentences
      .find((each) => unitWords.test(each))
      ?.replace(/[.!?;]+$/, "")
      .trim() ?? "";
  if (sentence.length <= maxUnit) return sentence;
  const clauses = sentence.split(/,\s+/);
  const from = clauses.findIndex((clause) => unitWords.test(clause));
  const kept: string[] = [];
  for (const clause of clauses.slice(from)) {
    if (!unitWords.test(clause) || [...kept, clause].join(", ").length > maxUnit) break;
    kept.push(clause);
  }
  if (kept.length > 0) return kept.join(", ");
  // One long clause: the words around the unit.
  const clause = clauses[from] ?? "";
  const found = unitWords.exec(clause);
  if (found === null) return "";
  const start = clause.lastIndexOf(" ", Math.max(0, found.index - 15)) + 1;
  return clause.slice(start, found.index + found[0].length);
}

/** The first sentence, or as much of it as fits. */
function firstSentence(text: string, length: number): string {
  const folded = text.replaceAll(/\s+/g, " ").trim();
  const end = /[.!?](?= |$)/.exec(folded.slice(0, length + 1))?.index;
  if (end !== undefined) return folded.slice(0, end);
  if (folded.length <= length) return folded;
  const space = folded.lastIndexOf(" ", length - 1);
  return `${folded.slice(0, space > length / 2 ? space : length - 1)}…`;
}
