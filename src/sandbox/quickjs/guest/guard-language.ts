/**
 * Where QuickJS would answer otherwise than V8 without a word, it says that it cannot, or is brought in line:
 * everything that depends on a locale, code from text, the text of a date, and what is behind the global object.
 */
import { createRefusal } from "../../bridge/guest/replace-globals.ts";

const noLocales =
  "The quickjs engine knows no locales: build the text yourself, with toFixed, padStart, toISOString or a comparison.";
const noCode = "Snippets cannot turn text into code: write the code itself.";

/** QuickJS asks a proxy behind the global object for its value only, so that an unknown name would be no error. */
export function settleGlobals(): void {
  const behind: object = Object.getPrototypeOf(globalThis);
  Object.setPrototypeOf(globalThis, Object.prototype);
  for (const name of Reflect.ownKeys(behind)) {
    const settle = (value: unknown): unknown => {
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
      return value;
    };
    const get = (): unknown => settle(Reflect.get(behind, name));
    Object.defineProperty(globalThis, name, { get, set: settle, configurable: true });
  }
}

export function guardLanguage(): void {
  const typedArray: object = Object.getPrototypeOf(Uint8Array.prototype);
  for (const [prototype, name] of [
    [Number.prototype, "Number"],
    [BigInt.prototype, "BigInt"],
    [Date.prototype, "Date"],
    [Array.prototype, "Array"],
    [typedArray, "TypedArray"],
  ] as const) {
    refuse(prototype, "toLocaleString", name);
  }
  refuse(Date.prototype, "toLocaleDateString", "Date");
  refuse(Date.prototype, "toLocaleTimeString", "Date");
  refuse(String.prototype, "localeCompare", "String");
  guardCase("toLocaleUpperCase", (text) => text.toUpperCase());
  guardCase("toLocaleLowerCase", (text) => text.toLowerCase());
  nameTimeZone("toString");
  nameTimeZone("toTimeString");
  refuseCode();
}

function refuse(prototype: object, method: string, of: string): void {
  replace(prototype, method, createRefusal(`${of}.prototype.${method}`, noLocales));
}

function replace(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

/** Without a locale, or in English, the result is that of the method without one. */
function guardCase(method: string, plain: (text: string) => string): void {
  const refusal = createRefusal(`String.prototype.${method} with a locale`, noLocales);
  replace(String.prototype, method, function (this: unknown, locale?: unknown) {
    const isPlain = locale === undefined || (typeof locale === "string" && /^en\b/.test(locale));
    return isPlain ? plain(String(this)) : refusal();
  });
}

function nameTimeZone(method: "toString" | "toTimeString"): void {
  const plain: unknown = Reflect.get(Date.prototype, method);
  if (typeof plain !== "function") return;
  replace(Date.prototype, method, function (this: Date) {
    const text: string = Reflect.apply(plain, this, []);
    return text.endsWith("+0000") ? `${text} (Coordinated Universal Time)` : text;
  });
}

/** The constructors of functions are reached through their prototypes; a convenience, not a defence. */
function refuseCode(): void {
  const kinds: readonly (readonly [string, object])[] = [
    ["Function", Function.prototype],
    ["AsyncFunction", Object.getPrototypeOf(async () => {})],
    ["GeneratorFunction", Object.getPrototypeOf(function* () {})],
    ["AsyncGeneratorFunction", Object.getPrototypeOf(async function* () {})],
  ];
  for (const [name, prototype] of kinds) {
    const refusal = createRefusal(name, noCode);
    Object.defineProperty(refusal, "prototype", { value: prototype });
    Object.defineProperty(prototype, "constructor", { value: refusal, writable: true, configurable: true });
    if (name === "Function") replace(globalThis, name, refusal);
  }
}
