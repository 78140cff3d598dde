/**
 * The mapping of values (docs/bridge-protocol.md), both ways, and the web APIs that both engines have.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Value } from "../../src/spec/value.ts";
import { completed, failed, runProgram } from "../fixtures/run-program.ts";
import type { EngineSubject } from "./engine-subject.ts";

/** Name, the value on the host's side, and the expression that makes it in a snippet. */
const crossing: readonly (readonly [string, Value, string])[] = [
  ["null", null, "null"],
  ["booleans", [true, false], "[true, false]"],
  ["numbers", [0, -1.5, 1e300, Number.MAX_SAFE_INTEGER], "[0, -1.5, 1e300, Number.MAX_SAFE_INTEGER]"],
  ["strings", "é€😀\u0000\ud800\n", String.raw`"é€😀\u0000\ud800\n"`],
  ["undefined", { a: undefined, b: [undefined] }, "({ a: undefined, b: [undefined] })"],
  ["NaN", [Number.NaN, Infinity, -Infinity, -0], "[NaN, Infinity, -Infinity, -0]"],
  ["BigInt", [0n, -(2n ** 80n)], "[0n, -(2n ** 80n)]"],
  ["Date", [new Date(5), new Date(Number.NaN)], "[new Date(5), new Date(NaN)]"],
  ["bytes", new Uint8Array([0, 1, 254, 255]), "new Uint8Array([0, 1, 254, 255])"],
  [
    "Map",
    new Map<Value, Value>([
      ["k", 1],
      [{ o: 1 }, [2]],
    ]),
    'new Map([["k", 1], [{ o: 1 }, [2]]])',
  ],
  ["Set", new Set<Value>([1, "two", null]), 'new Set([1, "two", null])'],
  ["a key like a tag", { $: ["date", 1] }, '({ $: ["date", 1] })'],
  ["nothing", [], "[]"],
];

/** What becomes plain data on its way out. */
const changing: readonly (readonly [string, Value])[] = [
  ["new Uint16Array([1]).buffer", new Uint8Array([1, 0])],
  ["new Float32Array([1])", new Uint8Array([0, 0, 128, 63])],
  ["Object('boxed')", "boxed"],
  ["new (class { x = 1; get y() { return 2 } })()", { x: 1 }],
  ["new (class { toJSON() { return [1] } })()", [1]],
  ["new TypeError('bad', { cause: 1 })", { name: "TypeError", message: "bad", cause: 1 }],
  ["new URL('https://a.b/c?d')", "https://a.b/c?d"],
  ["[1, , 3]", [1, undefined, 3]],
];

const refused: readonly (readonly [string, string, RegExp])[] = [
  ["() => 1", "value_unsupported", /the result is a function/],
  ["Symbol('s')", "value_unsupported", /the result is a symbol/],
  ["/x/", "value_unsupported", /RegExp/],
  ["[1].values()", "value_unsupported", /spread it into an array/],
  ["(() => { const a = {}; a.b = { a }; return a })()", "value_unsupported", /refers back to the result/],
  ["({ get x() { throw 1 } })", "value_unsupported", /cannot be read/],
  ["new Proxy({}, { ownKeys() { throw 1 } })", "value_unsupported", /cannot be read/],
  [
    "(() => { let d = []; for (let i = 0; i < 300; i++) d = [d]; return d })()",
    "value_too_large",
    /deeper than 200/,
  ],
];

/** Expressions that answer the same in every engine. */
const shared: readonly (readonly [string, Value])[] = [
  ["new URL('/a/../b?c=1#d', 'https://u:p@x.y:8443').href", "https://u:p@x.y:8443/b?c=1#d"],
  [
    "(() => { const u = new URL('https://a.b'); u.searchParams.append('q', 'é &'); u.pathname = '/x y'; return u.href })()",
    "https://a.b/x%20y?q=%C3%A9+%26",
  ],
  [
    "[...new URLSearchParams('a=1&b=2&a=3')]",
    [
      ["a", "1"],
      ["b", "2"],
      ["a", "3"],
    ],
  ],
  [
    "[URL.canParse('no'), URL.parse('no'), new URL('https://bücher.example').host]",
    [false, null, "xn--bcher-kva.example"],
  ],
  [
    "[...new TextEncoder().encode('é€😀\\ud800')]",
    [195, 169, 226, 130, 172, 240, 159, 152, 128, 239, 191, 189],
  ],
  [
    "new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0xf0, 0x9f, 0x98, 0x80, 0xff, 0xe2, 0x82]))",
    "a😀\ufffd\ufffd",
  ],
  ["[btoa('\\u00ff\\u0000a'), atob(' /wBh '), atob('YQ')]", ["/wBh", "\u00ff\u0000a", "a"]],
  [
    "['ab=', 'a', 'é'].map((t) => { try { return atob(t) } catch (e) { return e.name } })",
    ["InvalidCharacterError", "InvalidCharacterError", "InvalidCharacterError"],
  ],
  [
    "(() => { const a = { m: new Map([[1, new Date(0)]]), e: [1, , 2] }; a.self = a; const b = structuredClone(a); return [b !== a, b.self === b, b.m.get(1) instanceof Date, 1 in b.e] })()",
    [true, true, true, false],
  ],
  ["(() => { try { structuredClone(() => 1) } catch (e) { return e.name } })()", "DataCloneError"],
  [
    "crypto.subtle.digest('SHA-256', new TextEncoder().encode('abc')).then((d) => new Uint8Array(d)[0])",
    0xba,
  ],
  ["new Date(0).toString()", "Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)"],
  [
    "[new Date(2026, 0, 2).getTimezoneOffset(), 'i'.toLocaleUpperCase(), 'é'.normalize('NFD').length]",
    [0, "I", 2],
  ],
  ["Object.groupBy([1, 2, 3], (n) => (n % 2 ? 'odd' : 'even')).odd", [1, 3]],
  ["[...new Set([1, 2]).union(new Set([3]))]", [1, 2, 3]],
  ["[3, 1, 2].toSorted().with(0, 9)", [9, 2, 3]],
  ["Array.fromAsync([Promise.resolve(1)])", [1]],
  ["/(?<y>\\d{4})(?<=6)\\p{L}/u.exec('2026é').groups.y", "2026"],
];

export function describeValues(subject: EngineSubject): void {
  const engine = subject.create({ prewarm: 1 });
  beforeAll(async () => void (await engine.ready()));
  afterAll(() => engine[Symbol.asyncDispose]());

  describe("values", () => {
    test.each(crossing)("%s go in and come out as they are", async (_name, value, expression) => {
      const made = await runProgram(engine, `return await tools.a.b(${expression})`, { answer: () => value });
      expect(made.calls[0]?.args).toEqual([value]);
      expect(completed(made)).toEqual(value);
    });

    test.each(changing)("%s becomes data", async (expression, value) => {
      expect(completed(await runProgram(engine, `return ${expression}`))).toEqual(value);
    });

    test.each(refused)("%s is refused", async (expression, code, message) => {
      const error = failed(await runProgram(engine, `return ${expression}`));
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    });

    test("a snippet that corrupts the language corrupts no value", async () => {
      const code = `Object.prototype.toJSON = () => "forged"; Array.prototype.toJSON = () => "forged"; return { a: [1, { b: 2 }] };`;
      expect(completed(await runProgram(engine, code))).toEqual({ a: [1, { b: 2 }] });
    });
  });

  test.each(shared)("%s", async (expression, value) => {
    expect(completed(await runProgram(engine, `return ${expression}`))).toEqual(value);
  });
}
