/**
 * Fills the parameters of a path. Whatever a value holds, the request stays on its operation's path: what
 * could end a segment, climb out of it or vanish from it is refused, before anything is sent.
 */
import { CodemodeError } from "../../errors.ts";
import type { Value } from "../../spec/value.ts";
import type { HttpOperation, HttpParameter } from "./compiled-document.ts";
import { encodeText } from "./encode-style.ts";
import { percentEncode } from "./percent-encode.ts";
import { valueToJson } from "./value-to-json.ts";

/** Some documents tell operations of one path apart by a query or fragment in it (`/files?action=copy`). */
export function splitPath(path: string): { readonly pathname: string; readonly query: readonly string[] } {
  const [whole = ""] = path.split("#");
  const [pathname = "", query = ""] = whole.split("?");
  return { pathname, query: query.split("&").filter((pair) => pair !== "") };
}

/** The encoded path, with its leading slash. Throws `tool_arguments_invalid`. */
export function encodePath(operation: HttpOperation, args: ReadonlyMap<string, Value>): string {
  const parameters = operation.parameters.filter((parameter) => parameter.place === "path");
  const path = splitPath(operation.path).pathname.replaceAll(/\{([^{}]*)\}/g, (whole, name: string) => {
    const parameter = parameters.find((one) => one.name === name);
    return parameter === undefined ? percentEncode(whole) : encodeSegment(parameter, args.get(parameter.key));
  });
  // The document's own text is put in as it is, but for what no path may hold.
  return path.replaceAll(/[^\w\-.~!$&'()*+,;=:@%/]/g, (char) => percentEncode(char));
}

function encodeSegment(parameter: HttpParameter, value: Value): string {
  const { allowReserved = false, mediaType } = parameter;
  const encode = (text: string): string => {
    checkText(parameter, text);
    if (!allowReserved) return percentEncode(text);
    return text.split("/").map(percentEncode).join("/");
  };
  const encoded =
    mediaType === undefined ? encodeText(value, { ...parameter, encode }) : encode(valueToJson(value));
  if (encoded === undefined || encoded === "") throw refused(parameter, "is empty");
  // A label style puts a dot before its value, which makes "." of nothing and ".." of a dot.
  if (encoded.split("/").some(isDots)) throw refused(parameter, "is a step up or down the path");
  return encoded;
}

/** Also what the text becomes when a server decodes it more often than it should. */
function checkText(parameter: HttpParameter, text: string): void {
  for (const form of decodings(text)) {
    const segments = parameter.allowReserved === true ? form.split("/") : [form];
    for (const segment of segments) {
      if (segment === "") throw refused(parameter, "is empty or has an empty segment");
      if (isDots(segment)) throw refused(parameter, "is a step up or down the path");
      const bad = /[/\\?#\p{Cc}]/u.exec(segment)?.[0];
      if (bad !== undefined) throw refused(parameter, `holds ${JSON.stringify(bad)}`);
    }
  }
}

function decodings(text: string): string[] {
  const forms = [text];
  for (let at = text; forms.length < 4;) {
    const decoded = at.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (decoded === at) break;
    forms.push(decoded);
    at = decoded;
  }
  return forms;
}

function isDots(segment: string): boolean {
  return segment === "." || segment === "..";
}

function refused({ key, allowReserved }: HttpParameter, what: string): CodemodeError {
  return new CodemodeError("tool_arguments_invalid", `The path parameter "${key}" ${what}.`, {
    hint: `Pass one plain ${allowReserved === true ? "relative path" : "path segment"}; it is percent-encoded for you.`,
  });
}
