/**
 * Takes HTML markup out of a description, where its author wrote some: models read the words, and the tags
 * only cost. Markdown stays; so does anything in angle brackets that is no tag of HTML.
 */

const tag =
  /<(\/?)(p|br|hr|b|i|u|em|strong|code|pre|a|ul|ol|li|h[1-6]|div|span|small|sub|sup|tt|blockquote|table|thead|tbody|tr|td|th|dl|dt|dd|img|kbd)\b[^<>]{0,2000}>/gi;

/** Non-empty text; `undefined` for what is none. */
export function plainText(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.includes("<") ? withoutTags(value) : value;
  return text.trim() === "" ? undefined : text.trim();
}

function withoutTags(text: string): string {
  const plain = text.replaceAll(tag, (_whole, closing: string, name: string) =>
    replacement(name.toLowerCase(), closing !== ""),
  );
  if (plain === text) return text;
  return plain
    .replaceAll(/&(amp|lt|gt|quot|#39|nbsp);/g, (_whole, name: string) => entities[name] ?? "")
    .replaceAll(/[ \t]+\n/g, "\n")
    .replaceAll(/\n{3,}/g, "\n\n");
}

const entities: { readonly [name: string]: string | undefined } = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  "#39": "'",
  nbsp: " ",
};

function replacement(name: string, closing: boolean): string {
  switch (name) {
    case "p":
    case "div":
    case "ul":
    case "ol":
    case "table":
    case "blockquote":
      return closing ? "\n" : "";
    case "br":
    case "hr":
    case "tr":
    case "dt":
      return closing ? "" : "\n";
    case "li":
    case "dd":
      return closing ? "\n" : "- ";
    case "td":
    case "th":
      return closing ? " " : "";
    case "code":
    case "tt":
    case "kbd":
      return "`";
    default:
      return /^h\d$/.test(name) && closing ? "\n" : "";
  }
}
