/**
 * A value as a JSON document shows it, with what that does to its numbers: where a text is an integer that a JSON reader
 * might round, and where a number is not what somebody wrote. The JSON itself is that of `value-to-json.ts`.
 */
import { PointerList, pointerStep } from "../json/restore-numbers.ts";
import type { Json, Value } from "../spec/value.ts";
import { valueToJson } from "./value-to-json.ts";

/** Stand beside a JSON value in a document; absent where there is nothing to say. */
export interface NumberMarks {
  /** JSON pointers of texts that are integers: bigints in programs. */
  readonly exact?: string[];
  /** JSON pointers of numbers that are not exact: rounded on their way in, or `null` for what JSON cannot say. */
  readonly inexact?: string[];
}

/** The pointers take at most so many characters, or so many times those of the value; then one stands for all. */
const leastRoom = 64_000;
const roomPerCharacter = 4;

/** `rounded` are numbers of answers that are not what the sources wrote: wherever they turn up, they are not exact. */
export function valueToView(
  value: Value,
  rounded: ReadonlySet<number> = new Set(),
): { readonly json: Json; readonly marks: NumberMarks } {
  const walk: Walk = { rounded, characters: 0, exact: [], inexact: [] };
  // Most values have nothing to say, and are walked once without their paths.
  const json = valueToJson(value);
  find(value, [], walk);
  const room = Math.max(leastRoom, walk.characters * roomPerCharacter);
  return {
    json,
    marks: { ...marksOf("exact", walk.exact, room), ...marksOf("inexact", walk.inexact, room) },
  };
}

interface Walk {
  readonly rounded: ReadonlySet<number>;
  /** Of the value as JSON, or somewhat fewer. */
  characters: number;
  readonly exact: (readonly (string | number)[])[];
  readonly inexact: (readonly (string | number)[])[];
}

function find(value: Value, path: (string | number)[], walk: Walk): void {
  if (typeof value === "string") walk.characters += value.length;
  else if (typeof value === "bigint") {
    walk.characters += 20;
    walk.exact.push([...path]);
  } else if (typeof value === "number") {
    walk.characters += 2;
    if (!Number.isFinite(value) || walk.rounded.has(value)) walk.inexact.push([...path]);
  } else if (typeof value === "object" && value !== null) findInside(value, path, walk);
}

/** The steps are those of the JSON: a Map is an object or a list of pairs, a Set a list. */
function findInside(
  value: Exclude<Value, null | undefined | boolean | number | string | bigint>,
  path: (string | number)[],
  walk: Walk,
): void {
  if (value instanceof Date || value instanceof Uint8Array) return;
  const children =
    value instanceof Map
      ? mapChildren(value)
      : value instanceof Set
        ? [...value].entries()
        : Array.isArray(value)
          ? value.entries()
          : Object.entries(value);
  for (const [key, child] of children) {
    if (child === undefined) continue;
    if (typeof key === "string") walk.characters += key.length;
    path.push(key);
    find(child, path, walk);
    path.pop();
  }
}

function mapChildren(map: Map<Value, Value>): Iterable<readonly [string | number, Value]> {
  const entries = [...map];
  const isNamed = (entry: [Value, Value]): entry is [string, Value] => typeof entry[0] === "string";
  return entries.every(isNamed) ? entries : [...entries.map(([key, each]): Value => [key, each]).entries()];
}

function marksOf(
  name: keyof NumberMarks,
  paths: readonly (readonly (string | number)[])[],
  room: number,
): NumberMarks {
  if (paths.length === 0) return {};
  const list = new PointerList(Infinity, room);
  for (const path of paths) list.add(() => path.map(pointerStep).join(""));
  return { [name]: [...list.pointers] };
}

/** Numbers at these places of an answer: of an object or list, all in it that could be meant. */
export function numbersAt(value: Value, pointers: readonly string[]): readonly number[] {
  const found: number[] = [];
  for (const pointer of pointers) collect(valueAt(value, pointer), found);
  return found;
}

function valueAt(value: Value, pointer: string): Value {
  const [, ...steps] = pointer.split("/");
  let at: unknown = value;
  for (const step of steps) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    at = typeof at === "object" && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined;
  }
  return at as Value;
}

function collect(value: Value, found: number[]): void {
  if (typeof value === "number") {
    // A whole number that many things are, such as 0, would be found everywhere.
    if (!Number.isSafeInteger(value)) found.push(value);
  } else if (typeof value === "object" && value !== null) {
    for (const child of Object.values(value)) collect(child, found);
  }
}
