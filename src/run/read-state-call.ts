/**
 * Reads the arguments of `codemode.state.<name>(…)`: what the snippet gave, made into a key, JSON text and options,
 * or an error that says how to call it.
 */
import { Buffer } from "node:buffer";
import { CodemodeError } from "../errors.ts";
import type { Value } from "../spec/value.ts";
import type { StateLimits } from "../spec/workspace.ts";
import { toJsonText } from "./to-json-text.ts";

export interface KeptChange {
  /** JSON text; absent: deleted. */
  readonly value?: string;
  /** The commit fails with `state_conflict` when another run has changed the key since this one read it. */
  readonly ifUnchanged: boolean;
  /** Committed also when the run fails. */
  readonly evenIfFailed: boolean;
}

export type StateCall =
  | { readonly kind: "get"; readonly key: string }
  | { readonly kind: "change"; readonly key: string; readonly change: KeptChange }
  | { readonly kind: "list"; readonly prefix: string };

const usages: { readonly [path: string]: string } = {
  "state.get": 'codemode.state.get("key")',
  "state.set": 'codemode.state.set("key", value, { ifUnchanged: true, evenIfFailed: true })',
  "state.delete": 'codemode.state.delete("key")',
  "state.list": 'codemode.state.list("prefix")',
};

/** `path` is one of `state.get`, `state.set`, `state.delete`, `state.list`. Throws `usage`, `value_unsupported`, `state_limit`. */
export function readStateCall(path: string, args: readonly Value[], limits: StateLimits): StateCall {
  switch (path) {
    case "state.get":
      return { kind: "get", key: toKey(path, args[0], limits) };
    case "state.set": {
      const key = toKey(path, args[0], limits);
      const value = toStateText(path, args[1], limits);
      return { kind: "change", key, change: { value, ...toOptions(path, args[2]) } };
    }
    case "state.delete":
      return { kind: "change", key: toKey(path, args[0], limits), change: toOptions(path, args[1]) };
    default:
      return { kind: "list", prefix: args[0] === undefined ? "" : toText("state.list", args[0]) };
  }
}

function toKey(path: string, given: Value, limits: StateLimits): string {
  const key = toText(path, given);
  const bytes = Buffer.byteLength(key);
  if (key !== "" && bytes <= limits.keyBytes && key.isWellFormed()) return key;
  const problem =
    key === ""
      ? "is empty"
      : bytes > limits.keyBytes
        ? `has ${bytes} bytes; at most ${limits.keyBytes} are taken`
        : "has half of a surrogate pair, which is no text";
  throw new CodemodeError("state_limit", `The key of codemode.${path} ${problem}.`, {
    hint: `Call it as ${usages[path] ?? path}.`,
  });
}

function toText(path: string, given: Value): string {
  if (typeof given === "string") return given;
  throw new CodemodeError("usage", `codemode.${path} takes a string first, not ${typeName(given)}.`, {
    hint: `Call it as ${usages[path] ?? path}.`,
  });
}

function toStateText(path: string, given: Value, limits: StateLimits): string {
  if (given === undefined)
    throw new CodemodeError("usage", "codemode.state.set takes a value; undefined is none.", {
      hint: "Pass null, or remove the key with codemode.state.delete(key).",
    });
  const text = toJsonText(given, `codemode.${path}`);
  const bytes = Buffer.byteLength(text);
  if (bytes <= limits.valueBytes) return text;
  throw new CodemodeError(
    "state_limit",
    `The value has ${bytes} bytes as JSON; the state takes at most ${limits.valueBytes} in one value.`,
    { hint: "Keep a digest of it, or split it over several keys." },
  );
}

function toOptions(path: string, given: Value): Pick<KeptChange, "ifUnchanged" | "evenIfFailed"> {
  if (given === undefined) return { ifUnchanged: false, evenIfFailed: false };
  const entries = isPlain(given) ? Object.entries(given) : undefined;
  const wrong = entries?.find(([name, value]) => !isOption(name) || typeof value !== "boolean");
  if (entries === undefined || wrong !== undefined)
    throw new CodemodeError(
      "usage",
      `The options of codemode.${path} are ifUnchanged and evenIfFailed, both true or false.`,
      { hint: `Call it as ${usages["state.set"] ?? path}.` },
    );
  const asked = new Map(entries);
  return { ifUnchanged: asked.get("ifUnchanged") === true, evenIfFailed: asked.get("evenIfFailed") === true };
}

function isOption(name: string): boolean {
  return name === "ifUnchanged" || name === "evenIfFailed";
}

function isPlain(value: Value): value is { [key: string]: Value } {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function typeName(value: Value): string {
  return value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
}
