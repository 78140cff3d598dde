/** Gives types names: identifiers that no other type of the source and nothing global has. */

export interface TypeNames {
  /** A name like the one wished for, that nothing else has. */
  take(wish: string): string;
}

/** Names that a source's types must leave alone: what the generated text itself refers to, and what would mislead. */
const reserved = (
  "Array Boolean Date Error Function Map Number Object Omit Partial Pick Promise ReadonlyArray Record RegExp Required " +
  "Set String Symbol Tools Uint8Array any bigint boolean int never null number object string symbol undefined unknown void"
).split(" ");

export function createTypeNames(): TypeNames {
  const taken = new Set(reserved);
  const counts = new Map<string, number>();
  return {
    take(wish) {
      const base = toTypeName(wish);
      let name = base;
      for (let count = counts.get(base) ?? 2; taken.has(name); count += 1) {
        name = `${base}${/\d$/.test(base) ? "_" : ""}${count}`;
        counts.set(base, count + 1);
      }
      taken.add(name);
      return name;
    },
  };
}

const maxLength = 60;

/** `simple-user` → `SimpleUser`; letters of any script are kept, a leading digit gets `_` before. */
export function toTypeName(text: string): string {
  const words = text
    .slice(0, 200)
    .normalize("NFC")
    .split(/[^\p{L}\p{Nd}]+/u);
  const joined = words.map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`).join("");
  const name = joined.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, "");
  if (name === "") return "Type";
  return /^[\p{ID_Start}]/u.test(name) ? name : `_${name}`;
}

/** A namespace for the types of a source: its name, where that can be one. */
export function toNamespaceName(source: string): string {
  const name = source.replaceAll(/[^\p{ID_Continue}$]/gu, "_").replaceAll(/[\u200C\u200D]/g, "_");
  const safe = /^[\p{ID_Start}$_]/u.test(name) ? name : `_${name}`;
  return unusable.has(safe) ? `${safe}_` : safe;
}

/** Words no namespace may be called, and globals that one would add to. */
const unusable = new Set(
  (
    "break case catch class const continue debugger default delete do else enum export extends false finally for function if " +
    "import in instanceof new null return super switch this throw true try typeof var void while with implements interface " +
    "let package private protected public static yield await undefined globalThis Intl Reflect Atomics WebAssembly codemode Tools"
  ).split(" "),
);
