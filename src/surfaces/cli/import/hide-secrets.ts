/**
 * Takes everything that looks secret out of an imported entry and puts a reference to an environment
 * variable in its place. When in doubt it is secret: a variable too many costs a line in a shell profile, a
 * secret in a file that is committed costs more.
 */
import { hasReference, isSecretUrl, looksSecret } from "../../../connectors/identity/looks-secret.ts";
import { toVariableName } from "./to-imported-entry.ts";
import type { ImportedEntry } from "./to-imported-entry.ts";

export interface HiddenSecrets {
  readonly entry: ImportedEntry;
  /** Variables that must be set for the entry to work. */
  readonly variables: readonly string[];
}

/** The values stay in memory only, to tell two secrets of one name apart. */
export type TakenVariables = Map<string, string>;

export function hideSecrets(name: string, entry: ImportedEntry, taken: TakenVariables): HiddenSecrets {
  const variables: string[] = [];
  const hide = (wanted: string, secret: string): string => {
    const own = toVariableName(wanted);
    const free = (taken.get(own) ?? secret) === secret ? own : toVariableName(`${name}_${own}`);
    taken.set(free, secret);
    if (!variables.includes(free)) variables.push(free);
    return `\${${free}}`;
  };
  const hidden: ImportedEntry = { ...entry };
  if (entry.env !== undefined)
    hidden.env = mapTable(entry.env, (key, value) => (looksSecret(key, value) ? hide(key, value) : value));
  if (entry.headers !== undefined) {
    hidden.headers = mapTable(entry.headers, (key, value) =>
      hideHeader(key, value, (suffix, secret) => hide(`${name}_${suffix}`, secret)),
    );
  }
  if (entry.args !== undefined)
    hidden.args = hideArguments(entry.args, (suffix, secret) => hide(`${name}_${suffix}`, secret));
  if (entry.url !== undefined && isSecretUrl(entry.url)) hidden.url = hide(`${name}_URL`, entry.url);
  return { entry: hidden, variables };
}

type Hide = (suffix: string, secret: string) => string;

function hideHeader(key: string, value: string, hide: Hide): string {
  const [, scheme = "", credential = ""] = /^(Bearer|Basic|Token)\s+(.+)$/i.exec(value) ?? [];
  if (credential !== "") return hasReference(credential) ? value : `${scheme} ${hide("TOKEN", credential)}`;
  return looksSecret(key, value) ? hide(key, value) : value;
}

/** `--api-key=x`, `--api-key x`, `KEY=x`, and values that give themselves away. */
function hideArguments(args: readonly string[], hide: Hide): string[] {
  let flag: string | undefined;
  return args.map((arg, index) => {
    const before = flag;
    flag = undefined;
    const [, key = "", value = ""] = /^(-{0,2}[A-Za-z][\w.-]*)[=:]\s*(.+)$/s.exec(arg) ?? [];
    if (key !== "" && !arg.includes("://") && looksSecret(key, value))
      return arg.slice(0, arg.length - value.length) + hide(toFlagName(key), value);
    if (arg.startsWith("-")) {
      flag = arg;
      return arg;
    }
    if (before !== undefined && looksSecret(before, arg)) return hide(toFlagName(before), arg);
    return looksSecret("", arg) ? hide(`ARGUMENT_${index + 1}`, arg) : arg;
  });
}

function toFlagName(flag: string): string {
  return flag.replace(/^-+/, "");
}

function mapTable(
  table: { readonly [key: string]: string },
  change: (key: string, value: string) => string,
): { [key: string]: string } {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, change(key, value)]));
}
