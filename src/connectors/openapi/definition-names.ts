/**
 * Names the schemas that operations share: the component's own name in PascalCase, or for a reference deep
 * into the document what can be told from where it points.
 */
import { isRecord } from "../../schema/is-record.ts";
import { pointerKeys } from "./document-refs.ts";
import type { JsonRecord } from "./parse-document.ts";
import { splitWords, toPascal } from "./words.ts";

/** The name of what a pointer refers to: an identifier, unique, and the same each time. */
export type DefinitionNames = (ref: string) => string;

export function createDefinitionNames(root: JsonRecord): DefinitionNames {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const claim = (key: string, wanted: string): string => {
    let name = wanted;
    for (let count = 2; taken.has(name); count += 1) name = `${wanted}${count}`;
    taken.add(name);
    names.set(key, name);
    return name;
  };
  const components = componentsOf(root);
  // Those whose name needs no change come first, so that no other can push them away.
  for (const [key, component] of components) if (component === toName(component)) claim(key, component);
  for (const [key, component] of components) if (!names.has(key)) claim(key, toName(component));
  return (ref) => {
    const keys = pointerKeys(ref);
    const key = JSON.stringify(keys);
    return names.get(key) ?? claim(key, toName(placeOf(keys)));
  };
}

/** In alphabetical order, so that the order of the document does not matter. */
function componentsOf(root: JsonRecord): [key: string, name: string][] {
  const { components, definitions } = root;
  const schemas = isRecord(components) ? components["schemas"] : undefined;
  const all: [string, string][] = [];
  if (isRecord(schemas)) {
    for (const name of Object.keys(schemas))
      all.push([JSON.stringify(["components", "schemas", name]), name]);
  }
  if (isRecord(definitions)) {
    for (const name of Object.keys(definitions)) all.push([JSON.stringify(["definitions", name]), name]);
  }
  return all.sort(([a], [b]) => (a < b ? -1 : 1));
}

function toName(text: string): string {
  const name = toPascal(splitWords(text)).slice(0, 120);
  if (name === "") return "Schema";
  return /^[\p{L}_$]/u.test(name) ? name : `_${name}`;
}

const structure = new Set(
  (
    "components definitions paths schemas schema properties items content responses requestBody parameters allOf " +
    "anyOf oneOf prefixItems additionalProperties patternProperties get put post delete patch head options trace " +
    "callbacks headers $defs"
  ).split(" "),
);

/** The telling parts of a pointer: `/paths/~1v2~1apps/get/…/properties/app/items` is `apps app`. */
function placeOf(keys: readonly string[]): string {
  const telling = keys.filter(
    (key) => !structure.has(key) && !/^\d{1,2}$/.test(key) && !/^[\w*.+-]+\/[\w*.+-]+$/.test(key),
  );
  return telling
    .map((key) => (key.startsWith("/") ? lastStatic(key) : key))
    .slice(-3)
    .join(" ");
}

function lastStatic(path: string): string {
  return path.split("/").findLast((part) => part !== "" && !part.includes("{")) ?? "root";
}
