/**
 * HTML as the text that a reader sees: paragraphs, list items and table rows on lines of their own, entities decoded,
 * scripts and styles left out. No parser of documents: it never fails, whatever it is given.
 */

export interface HtmlToTextOptions {
  /** Whether the address of a link follows its text in brackets. Default false. */
  links?: boolean;
}

const silent = /^(?:script|style|head|template|noscript|svg|iframe|object)$/;
const block =
  /^(?:p|div|section|article|header|footer|main|aside|nav|h[1-6]|ul|ol|dl|dt|dd|pre|blockquote|table|tr|form|fieldset|figure|figcaption|hr|address|details|summary|li|br)$/;
const apart = /^(?:p|h[1-6]|ul|ol|table|blockquote|pre|section|article)$/;

export function htmlToText(html: string, { links = false }: HtmlToTextOptions = {}): string {
  let text = "";
  let at = 0;
  let href: string | undefined;
  /** Line ends that stand before whatever text comes next. */
  let breaks = 0;
  const say = (words: string): void => {
    if (words.trim() === "") {
      if (breaks === 0) text += words;
      return;
    }
    text += "\n".repeat(breaks) + words;
    breaks = 0;
  };
  while (at < html.length) {
    const open = html.indexOf("<", at);
    if (open === -1) {
      say(html.slice(at));
      break;
    }
    say(html.slice(at, open));
    const tag = readTag(html, open);
    if (tag === undefined) {
      say("<");
      at = open + 1;
      continue;
    }
    at = tag.end;
    const { name, closing } = tag;
    if (silent.test(name) && !closing && !tag.text.endsWith("/>")) {
      at = skipTo(html, name, at);
      continue;
    }
    if (name === "a" && links) {
      if (closing && href !== undefined) say(` [${href}]`);
      href = closing ? undefined : attributeOf(tag.text, "href");
    }
    if (name === "br") breaks = Math.min(2, breaks + 1);
    else if (block.test(name)) breaks = Math.max(breaks, apart.test(name) ? 2 : 1);
    if (name === "li" && !closing) say("- ");
    if ((name === "td" || name === "th") && closing) say("\t");
    if (name === "img" && !closing) say(attributeOf(tag.text, "alt") ?? "");
  }
  return tidyText(decodeEntities(text));
}

interface Tag {
  readonly name: string;
  readonly closing: boolean;
  readonly text: string;
  readonly end: number;
}

/** The tag, comment or declaration that begins here; `undefined` where the sign is plain text. */
function readTag(html: string, at: number): Tag | undefined {
  if (html.startsWith("<!--", at)) {
    const close = html.indexOf("-->", at + 4);
    return { name: "", closing: false, text: "", end: close === -1 ? html.length : close + 3 };
  }
  const head = /^<(\/?)([a-zA-Z][\w:-]*)|^<[!?]/.exec(html.slice(at, at + 80));
  if (head === null) return undefined;
  let end = at + head[0].length;
  let quote = "";
  for (; end < html.length; end += 1) {
    const sign = html.charAt(end);
    if (quote !== "") quote = sign === quote ? "" : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === ">") break;
  }
  const name = (head[2] ?? "").toLowerCase();
  return { name, closing: head[1] === "/", text: html.slice(at, end + 1), end: end + 1 };
}

function skipTo(html: string, name: string, from: number): number {
  const close = html.toLowerCase().indexOf(`</${name}`, from);
  const end = close === -1 ? -1 : html.indexOf(">", close);
  return end === -1 ? html.length : end + 1;
}

function attributeOf(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, "i").exec(tag);
  return found === null ? undefined : (found[1] ?? found[2] ?? found[3]);
}

const entities: ReadonlyMap<string, string> = new Map(
  "amp & lt < gt > quot \" apos ' nbsp \u00a0 copy © reg ® trade ™ hellip … mdash — ndash – lsquo ‘ rsquo ’ ldquo “ rdquo ” bull • middot · laquo « raquo » euro € pound £ yen ¥ cent ¢ sect § deg ° plusmn ± times × divide ÷ frac12 ½ larr ← rarr → uuml ü ouml ö auml ä Uuml Ü Ouml Ö Auml Ä szlig ß eacute é egrave è agrave à ccedil ç ntilde ñ"
    .split(" ")
    .reduce<[string, string][]>((pairs, each, at, all) => {
      if (at % 2 === 0) pairs.push([each, all[at + 1] ?? ""]);
      return pairs;
    }, []),
);

function decodeEntities(text: string): string {
  return text.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{2,10}));/gi,
    (whole, hex: string | undefined, digits: string | undefined, name: string | undefined) => {
      if (name !== undefined) return entities.get(name) ?? whole;
      const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

function tidyText(text: string): string {
  return text
    .replaceAll("\u00a0", " ")
    .replaceAll(/[^\S\n\t]+/g, " ")
    .replaceAll(/[ \t]*\n[ \t]*/g, "\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .replaceAll(/\t+/g, "\t")
    .trim();
}
