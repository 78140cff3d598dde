/**
 * What of a source's settings may be shown to a person and kept in a run's record: arguments, URLs, variables and
 * headers without what is, or may be, a secret in them. Expanding variables is the connector's.
 */
import { isRandom, isSecretName, looksSecret } from "./looks-secret.ts";

/** Stands where a secret was. */
export const hidden = "‹hidden›";

/** One text as it was written, and with its variables filled in. */
export interface FilledText {
  readonly template: string;
  readonly text: string;
}

/** Names that say where something is or for whom, and not how to get in. */
const placeName =
  /(ur[li]|host|hostname|server|endpoint|base|origin|domain|region|account|project|org|organi[sz]ation|tenant|workspace|team|site|instance|profile|env|environment|stage|user|username|email)([_-]?(id|name|slug))?$/i;

/** A secret is not even expanded: references to variables whose name says that they are secret give way first. */
export function withoutSecretReferences(template: string): string {
  return template.replaceAll(/\$\{([^}]*)\}/g, (whole, name: string) =>
    isSecretName(name) ? hidden : whole,
  );
}

/** Arguments of a program; what is secret may stand beside its flag or after it. */
export function shownArguments(args: readonly FilledText[]): string[] {
  let flag = "";
  return args.map(({ template, text }) => {
    const name = flag;
    flag = "";
    const named = /^(-{0,2}[A-Za-z][\w.-]*[=:])\s*(?!\/\/|\d{1,5}$)(.+)$/s.exec(text);
    if (named !== null) {
      const [, key = "", value = ""] = named;
      return key + shownValue(key.slice(0, -1), { template, text: value });
    }
    if (text.startsWith("-")) {
      flag = text;
      return text;
    }
    return shownValue(name, { template, text });
  });
}

/** The variables or headers that say where or for whom, by name; all others may be secrets and are left out. */
export function shownTable(table: { readonly [name: string]: FilledText }): { [name: string]: string } {
  const named = Object.entries(table).filter(([name]) => saysPlace(name));
  return Object.fromEntries(named.map(([name, value]) => [name, shownValue(name, value)]));
}

/** Whether a variable or header of this name is part of what a source is. */
export function saysPlace(name: string): boolean {
  return placeName.test(name);
}

/** Without what lets somebody in: the password, secret parameters, and the paths of personal endpoints. */
export function shownUrl(text: string, name = ""): string {
  const url = URL.parse(text);
  if (url === null || !text.includes("//")) return looksSecret(name, text) ? hidden : text;
  const start = `${url.protocol}//${shownUser(url)}${url.host}`;
  // The path of a webhook is its secret; that of a database is its name.
  if (isSecretName(name) && !/database|dsn|connection/i.test(name)) return start;
  const own = url.pathname === "/" ? "" : url.pathname;
  const path = own.split("/").map((part) => (isRandom(part) ? hidden : part));
  const query = [...url.searchParams].map(
    ([key, value]) => `${key}=${looksSecret(key, value) ? hidden : value}`,
  );
  return start + path.join("/") + (query.length === 0 ? "" : `?${query.join("&")}`);
}

/** A name that stands alone may be a key. */
function shownUser({ username, password }: URL): string {
  if (username === "" && password === "") return "";
  return `${password === "" || looksSecret("", username) ? hidden : username}@`;
}

function shownValue(name: string, { template, text }: FilledText): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return shownUrl(text, name);
  const flag = name.replace(/^-+/, "");
  if (looksSecret(flag, text)) return hidden;
  // Nobody has written it into the file: it is shown only if it, or its name, says that it is a place.
  const [, variable] = /\$\{(?:env:)?(\w+)/.exec(template) ?? [];
  const isKnown = variable === undefined || saysPlace(variable) || saysPlace(flag) || isPlace(text);
  return isKnown ? text : hidden;
}

function isPlace(text: string): boolean {
  return (
    /^([~./\\]|[A-Za-z]:\\)/.test(text) || /^[\w-]+(\.[\w-]+)*(:\d{1,5})$|^[\w-]+(\.[\w-]+)+$/.test(text)
  );
}
