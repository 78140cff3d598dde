/**
 * Tells text that poses as a message of the system, of a person or of this product, so that it is set off with the
 * name of who wrote it. Only shows where a text comes from: it is no filter, and nothing is taken out.
 */

/** Where a line begins: in text, within a JSON string, or behind signs that make it look important. */
const begin = String.raw`(?:^|\n|\\n|["\t|])[\s>#*\-=|~(\[<{"'!_.:/\\]{0,40}(?:\w{0,40}error:\s*|[a-z]{1,8}\]\s*)?[\s>#*\-=|~(\[<{"'!_.:/\\]{0,9}`;
const roles = "(?:system|assistant|user|human|developer|operator|admin(?:istrator)?)";
const own = [
  String.raw`${roles}(?:[ _-]?(?:message|prompt|reminder|notice|note|instructions?|override))?[\s\])>}*_]*[:>\]]`,
  String.raw`codemode\b[^\n]{0,40}:`,
  String.raw`run\s+\S{1,60}\s+is\s+(?:paused|approved|running)`,
  String.raw`run\s+(?:completed|failed|paused|rejected|cancelled|approved)\b`,
  String.raw`(?:logs|calls|writes|writes done|writes of this run[^\n]{0,60}|in doubt|not sent|denied, and not sent|refused, and did not happen[^\n]{0,60}|dry run|hint|files|whole|result|returned by[^\n]{0,60})\s*:`,
  String.raw`(?:approval|permission|consent|confirmation)\s+(?:is\s+|was\s+)?(?:required|requested|needed|granted|given|received)`,
  String.raw`(?:needs|requires|awaiting|waiting for)\s+(?:approval|permission|confirmation)`,
  String.raw`(?:the\s+|your\s+)?(?:user|person|operator)\s+(?:has\s+|have\s+)?(?:approved|confirmed|agreed|allowed|granted)`,
  String.raw`(?:tell the user|once they have answered|cut to fit|approved)\b`,
  String.raw`(?:ignore|disregard|forget)\s+(?:all\s+|any\s+|the\s+|your\s+)*(?:previous|prior|above|earlier)`,
  String.raw`(?:failed, and may have happened|(?:one|[\d,]+) calls? did not succeed)`,
  String.raw`… [\d,]+ more`,
].join("|");
const anywhere = String.raw`<\|[\w \-]{1,40}\|>|\[\/?(?:INST|SYS)\]|<<\/?SYS>>|<\/?(?:system|assistant|user|human|developer|function|tool|antml|instruction|thinking)[\w:\- ]{0,40}>`;
const posing = new RegExp(`${begin}(?:${own})|${anywhere}`, "iu");

/** Letters of other scripts that look like ours, for who would write `ѕуѕtem`. */
const lookalikes = new Map(
  Object.entries({ а: "a", е: "e", о: "o", р: "p", с: "c", у: "y", х: "x", і: "i", ѕ: "s", ԁ: "d", т: "t", м: "m", н: "h", ο: "o", ν: "v", α: "a", ρ: "p" }), // prettier-ignore
);

/** Linear in the text, which is one that already fits a budget. */
export function poses(text: string): boolean {
  return posing.test(fold(text));
}

/** Sets every line off by `| `; a text cannot close that as it could close a fence. */
export function quoteLines(text: string): string {
  return `| ${text.replaceAll("\n", "\n| ")}`;
}

function fold(shown: string): string {
  // What JSON writes as an escape is as invisible in what it means.
  const text = shown.includes("\\u") ? shown.replaceAll(/\\u[0-9a-f]{4}/gi, "") : shown;
  // oxlint-disable-next-line no-control-regex -- ASCII has no lookalikes
  if (/^[\0-\x7F]*$/.test(text)) return text;
  return text
    .normalize("NFKC")
    .replaceAll(/\p{Cf}|\p{M}|⟨U\+[0-9A-F]{2,6}⟩/gu, "")
    .replaceAll(/[а-яѐ-ԯα-ω]/giu, (letter) => lookalikes.get(letter.toLowerCase()) ?? letter);
}
