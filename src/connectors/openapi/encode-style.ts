/**
 * Writes parameters in the styles of OpenAPI ("Style Values", "Style Examples") and RFC 6570. Characters are
 * encoded by the given function; what a place forbids is the concern of whoever puts the text there.
 */
import type { Value } from "../../spec/value.ts";
import type { ParameterStyle } from "./compiled-document.ts";
import { entriesOf, isSent, type TextShape, toTextShape, valueToText } from "./value-to-text.ts";

export interface StyleOptions {
  readonly name: string;
  readonly style: ParameterStyle;
  readonly explode: boolean;
  readonly encode: (text: string) => string;
}

/** `simple`, `label` and `matrix`: one text, for a path segment or a header. `undefined` when there is nothing to send. */
export function encodeText(value: Value, options: StyleOptions): string | undefined {
  const shape = toTextShape(value);
  if (shape === undefined) return undefined;
  switch (options.style) {
    case "matrix":
      return encodeMatrix(shape, options);
    case "label":
      return `.${encodeSimple(shape, options, options.explode ? "." : ",")}`;
    default:
      return encodeSimple(shape, options, ",");
  }
}

/** `form`, the delimited styles and `deepObject`: `name=text` pairs, for a query, a cookie or a form. */
export function encodePairs(value: Value, options: StyleOptions): string[] {
  const { style, encode } = options;
  if (style === "deepObject") return encodeDeep(value, encode(options.name), encode);
  const shape = toTextShape(value);
  if (shape === undefined) return [];
  const delimiter = delimiters[style];
  const name = encode(options.name);
  switch (shape.kind) {
    case "text":
      return [`${name}=${encode(shape.text)}`];
    case "list":
      if (options.explode) return shape.items.map((item) => `${name}=${encode(item)}`);
      return [`${name}=${shape.items.map(encode).join(delimiter)}`];
    default:
      if (options.explode) return shape.entries.map(([key, text]) => `${encode(key)}=${encode(text)}`);
      return [`${name}=${shape.entries.flat().map(encode).join(delimiter)}`];
  }
}

const delimiters: { readonly [style in ParameterStyle]: string } = {
  form: ",",
  simple: ",",
  cookie: ",",
  matrix: ",",
  label: ",",
  deepObject: ",",
  spaceDelimited: "%20",
  pipeDelimited: "%7C",
  tabDelimited: "%09",
};

function encodeSimple(shape: TextShape, { explode, encode }: StyleOptions, separator: string): string {
  switch (shape.kind) {
    case "text":
      return encode(shape.text);
    case "list":
      return shape.items.map(encode).join(separator);
    default:
      return shape.entries
        .map(([key, text]) => encode(key) + (explode ? "=" : separator) + encode(text))
        .join(separator);
  }
}

function encodeMatrix(shape: TextShape, { name, explode, encode }: StyleOptions): string {
  const pair = (key: string, text: string): string =>
    text === "" ? `;${encode(key)}` : `;${encode(key)}=${encode(text)}`;
  switch (shape.kind) {
    case "text":
      return pair(name, shape.text);
    case "list":
      if (explode) return shape.items.map((item) => pair(name, item)).join("");
      return `;${encode(name)}=${shape.items.map(encode).join(",")}`;
    default:
      if (explode) return shape.entries.map(([key, text]) => pair(key, text)).join("");
      return `;${encode(name)}=${shape.entries.flat().map(encode).join(",")}`;
  }
}

/**
 * `name[key]=text`. The specification stops at one level; below that brackets go on, and lists are numbered,
 * which Rails, PHP, qs and Stripe all read.
 */
function encodeDeep(value: Value, prefix: string, encode: (text: string) => string): string[] {
  const members = membersOf(value);
  if (members === undefined) return isSent(value) ? [`${prefix}=${encode(valueToText(value))}`] : [];
  return members.flatMap(([key, member]) => encodeDeep(member, prefix + encode(`[${key}]`), encode));
}

function membersOf(value: Value): [string, Value][] | undefined {
  const list = value instanceof Set ? [...value] : value;
  if (Array.isArray(list)) return list.filter(isSent).map((item, index) => [String(index), item]);
  return entriesOf(list);
}
