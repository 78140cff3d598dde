/**
 * A tool's input schema as flags: one for each property, dotted ones for those of objects inside, level by level
 * until there are enough. What no flag can say is given as JSON.
 */
import type { ToolFlag } from "../client/command-types.ts";
import { isRecord } from "../schema/is-record.ts";
import type { SchemaScope } from "../schema/resolve-ref.ts";
import type { CatalogSource, Tool } from "../spec/tool.ts";
import type { JsonSchema } from "../spec/value.ts";
import { commentText } from "../typegen/doc-comment.ts";
import { kebabWord } from "./kebab-word.ts";
import { flagKind, objectProperties, type FlagProperty } from "./flag-kind.ts";

const maxFlags = 150;
const maxDepth = 4;

/** `reserved` are flags that the program has itself; a parameter of such a name gets `arg-` before it. */
export function toolToFlags(
  { input }: Tool,
  { definitions }: CatalogSource,
  reserved: readonly string[],
): readonly ToolFlag[] {
  const used = new Set<string>();
  const flags: ToolFlag[] = [];
  let level: readonly Level[] = [{ schema: input, scope: { root: input, definitions }, path: [], words: [] }];
  for (let depth = 0; depth < maxDepth && level.length > 0; depth += 1) {
    const next: Level[] = [];
    for (const { schema, scope, path, words } of level) {
      for (const property of objectProperties(schema, scope)) {
        if (flags.length >= maxFlags) return flags;
        const at = { path: [...path, property.name], words: [...words, kebabWord(property.name)] };
        flags.push(
          toFlag(property, {
            ...at,
            name: takeName(flagName(at.words, reserved), used),
            required: depth === 0,
          }),
        );
        next.push({ schema: property.schema, scope: property.scope, ...at });
      }
    }
    level = next;
  }
  return flags;
}

interface Level {
  readonly schema: JsonSchema;
  readonly scope: SchemaScope;
  readonly path: readonly string[];
  readonly words: readonly string[];
}

function flagName(words: readonly string[], reserved: readonly string[]): string {
  const name = words.join(".");
  return reserved.includes(name) ? `arg-${name}` : name;
}

function takeName(wish: string, used: Set<string>): string {
  let name = wish;
  for (let count = 2; used.has(name); count += 1) name = `${wish}-${count}`;
  used.add(name);
  return name;
}

function toFlag(
  { schema, scope, required }: FlagProperty,
  at: { readonly path: readonly string[]; readonly name: string; readonly required: boolean },
): ToolFlag {
  const { kind, list, values } = flagKind(schema, scope);
  const about = aboutOf(schema);
  return {
    name: at.name,
    path: at.path,
    kind,
    ...(list ? { list: true } : {}),
    ...(values === undefined ? {} : { values }),
    ...(required && at.required ? { required: true } : {}),
    ...(about === "" ? {} : { about }),
  };
}

function aboutOf(schema: JsonSchema): string {
  if (!isRecord(schema)) return "";
  const { description, default: fallback } = schema;
  const said = typeof description === "string" ? commentText(description.slice(0, 2_000)) : "";
  const shown = said.length <= 160 ? said : `${said.slice(0, 159)}…`;
  const isPlain =
    typeof fallback === "string" || typeof fallback === "number" || typeof fallback === "boolean";
  const value = isPlain ? commentText(String(fallback)).slice(0, 60) : "";
  return [shown, value === "" ? "" : `(default ${value})`].filter((part) => part !== "").join(" ");
}
