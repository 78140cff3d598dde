/**
 * What to tell about a property that a schema does not know: the name that was probably meant, or the names
 * there are.
 */
import { nearest } from "../nearest.ts";
import { cut } from "./validation-problem.ts";

/** Characters of names listed. */
const maxListed = 120;

/** `known`: the names the schema states; those already present in `value` are meant last. */
export function unknownPropertyHint(
  key: string,
  value: { readonly [key: string]: unknown },
  known: readonly string[],
): string {
  const similar = known.filter((name) => name.length > 2 || key.length <= 3);
  const absent = similar.filter((name) => !Object.hasOwn(value, name) || value[name] === undefined);
  const meant = nearest(key, absent, 1)[0] ?? nearest(key, similar, 1)[0];
  if (meant !== undefined) return `did you mean ${meant}?`;
  if (known.length === 0) return "it takes no properties";
  const listed: string[] = [];
  for (const name of known.map((each) => cut(each, 60))) {
    if (listed.join(", ").length + name.length > maxListed) break;
    listed.push(name);
  }
  const rest = known.length - listed.length;
  return `known are ${listed.join(", ")}${rest > 0 ? `, and ${rest} more` : ""}`;
}

/**
 * The name that a key almost spells: same but for case and separators, or a slip of a letter in three.
 * Stricter than a hint's: it decides whether a call is refused.
 */
export function misspelt(key: string, absent: readonly string[]): string | undefined {
  return nearest(key, absent, 1).find((name) => {
    const [a, b] = [fold(key), fold(name)];
    return (
      a === b ||
      (Math.abs(a.length - b.length) <= 1 &&
        a.length > 3 &&
        sharedLetters(a, b) >= Math.max(a.length, b.length) - 1)
    );
  });
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[_\-\s]/g, "");
}

/** Letters in common, whatever their order: `titel` and `title` share all five. */
function sharedLetters(a: string, b: string): number {
  const rest = Array.from(b);
  let shared = 0;
  for (const letter of a) {
    const at = rest.indexOf(letter);
    if (at < 0) continue;
    rest.splice(at, 1);
    shared += 1;
  }
  return shared;
}
