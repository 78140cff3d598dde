/**
 * Makes numbers again of what `mark-numbers.ts` has marked, in parsed JSON and in place: bigints for large integers, the
 * nearest double for what nothing can hold, of which the place is told.
 */
import { readLiteral } from "./read-literal.ts";

/** The way down to a value, last step first. */
interface Path {
  readonly parent: Path | undefined;
  readonly key: string | number;
}

interface Waiting {
  readonly container: object;
  readonly path: Path | undefined;
}

interface Restored {
  readonly value: unknown;
  /** JSON pointers of the numbers that are not exact; an enclosing one where they are too many to name. */
  readonly inexact: readonly string[];
}

/** Places that are named one by one, and the characters they may take. */
const mostPlaces = 1_000;
const mostCharacters = 64_000;

/** `parsed` comes from `JSON.parse` and is changed. Any depth: nothing recurses. */
export function restoreNumbers(parsed: unknown, mark: string): Restored {
  const inexact = new PointerList(mostPlaces, mostCharacters);
  const restore = (value: unknown, path: Path | undefined): unknown => {
    if (typeof value !== "string" || !value.startsWith(mark)) return value;
    const read = readLiteral(value.slice(mark.length));
    if (read.kind === "inexact") inexact.add(() => pathToPointer(path));
    return read.value;
  };
  const value = restore(parsed, undefined);
  const waiting: Waiting[] = isContainer(value) ? [{ container: value, path: undefined }] : [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { container, path: parent } = next;
    const inner: Waiting[] = [];
    for (const key of Object.keys(container)) {
      const child: unknown = Reflect.get(container, key);
      const path = { parent, key };
      if (isContainer(child)) inner.push({ container: child, path });
      else if (typeof child === "string" && child.startsWith(mark))
        // Defined rather than assigned: "__proto__" may be a key.
        Object.defineProperty(container, key, {
          value: restore(child, path),
          enumerable: true,
          configurable: true,
          writable: true,
        });
    }
    waiting.push(...inner.toReversed());
  }
  return { value, inexact: inexact.pointers };
}

/** Pointers within bounds: once there are too many, one that stands for all. */
export class PointerList {
  readonly #most: number;
  readonly #mostCharacters: number;
  #pointers: string[] = [];
  #characters = 0;
  #full = false;

  constructor(most: number, mostCharacters: number) {
    this.#most = most;
    this.#mostCharacters = mostCharacters;
  }

  get pointers(): readonly string[] {
    return this.#pointers;
  }

  add(toPointer: () => string): void {
    if (this.#full) return;
    const pointer = toPointer();
    this.#characters += pointer.length;
    this.#full = this.#pointers.length >= this.#most || this.#characters > this.#mostCharacters;
    if (this.#full) this.#pointers = [""];
    else this.#pointers.push(pointer);
  }
}

function pathToPointer(path: Path | undefined): string {
  const steps: string[] = [];
  for (let at = path; at !== undefined; at = at.parent) steps.push(pointerStep(at.key));
  return steps.toReversed().join("");
}

/** One step of a JSON pointer (RFC 6901). */
export function pointerStep(key: string | number): string {
  return `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
