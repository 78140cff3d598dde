/**
 * Values that lie, loop, explode or pollute, in arguments, in results and in what a tool answers.
 */
import { expect } from "vitest";
import { describeHostile, refused, returned, type HostileCase } from "./hostile-host.ts";

const liars: HostileCase[] = [
  [
    "a getter with a side effect",
    "({ get a() { globalThis.hits = (globalThis.hits ?? 0) + 1; return 1 } })",
    returned({ a: 1 }),
  ],
  [
    "a getter that throws",
    "({ get a() { throw new Error('got') } })",
    refused("value_unsupported", "snippet_threw"),
  ],
  [
    "a proxy that throws on ownKeys",
    "new Proxy({}, { ownKeys() { throw new Error('trapped') } })",
    refused("value_unsupported", "snippet_threw"),
  ],
  [
    "a proxy that answers everything",
    "new Proxy({}, { get: () => 1, has: () => true, ownKeys: () => ['a'], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }) })",
    returned({ a: 1 }),
  ],
  ["a toJSON that lies", "({ a: 1, toJSON: () => ({ forged: true }) })", undefined],
  ["a toJSON that throws", "({ toJSON() { throw new Error('json') } })", undefined],
  ["an inherited toJSON", "(Object.prototype.toJSON = () => 'forged', { a: 1 })", undefined],
  ["an array with a lying length", "Object.assign([], { length: 3 })", undefined],
].map(([what, expression, check]) => ({
  what: `12. ${String(what)}`,
  code: `return await tools.lab.echo({ value: ${String(expression)} }).then((answer) => answer.value)`,
  expect:
    (check as HostileCase["expect"] | undefined) ??
    (({ status }) => expect(status).toMatch(/completed|failed/)),
}));

const lacking: HostileCase[] = [
  ["a cycle", "const a = {}; a.a = a; return a", refused("value_unsupported")],
  [
    "a cycle in arguments",
    "const a = []; a.push(a); return await tools.lab.echo({ a })",
    refused("value_unsupported"),
  ],
  ["a function", "return () => 1", refused("value_unsupported")],
  ["a method deep inside", "return { a: [{ run() {} }] }", refused("value_unsupported")],
  ["a symbol", "return Symbol('x')", refused("value_unsupported")],
  ["a promise inside", "return { a: tools.lab.echo({}) }", refused("value_unsupported")],
  [
    "a BigInt as an argument",
    "return await tools.lab.echo({ v: 2n ** 64n })",
    returned({ v: "18446744073709551616" }),
  ],
  [
    "NaN as an argument",
    "return await tools.lab.echo({ v: { deep: NaN } })",
    refused("tool_arguments_invalid"),
  ],
  [
    "a Map as an argument",
    "return await tools.lab.echo({ v: new Map() })",
    refused("tool_arguments_invalid"),
  ],
  [
    "undefined in a list of arguments",
    "return await tools.lab.echo({ v: [undefined] })",
    refused("tool_arguments_invalid"),
  ],
  [
    "what JSON lacks, in the result",
    "return [1n, NaN, -0, new Date(5), new Map([['k', 1]]), new Set([1]), new Uint8Array(3), undefined]",
    returned(["1", null, 0, "1970-01-01T00:00:00.005Z", { k: 1 }, [1], "<3 bytes>", null]),
  ],
  [
    "a Date",
    "const { v } = await tools.lab.echo({ v: new Date(5) }); return [v instanceof Date, v.getTime()]",
    returned([true, 5]),
  ],
  [
    "bytes",
    "const { v } = await tools.lab.echo({ v: new Uint8Array([0, 255]) }); return [v instanceof Uint8Array, [...v]]",
    returned([true, [0, 255]]),
  ],
  [
    "a forged tag",
    'const { v } = await tools.lab.echo({ v: { $: ["date", 5] } }); return [v instanceof Date, JSON.stringify(v)]',
    returned([false, '{"$":["date",5]}']),
  ],
  [
    "a forged tag of the wrong form",
    'const { v } = await tools.lab.echo({ v: { $: "nonsense", more: 1 } }); return v.$',
    returned("nonsense"),
  ],
].map(([what, code, check]) => ({
  what: `13. ${String(what)}`,
  code: String(code),
  expect: check as HostileCase["expect"],
}));

const pollution: HostileCase[] = [
  [
    "__proto__ in arguments",
    `const sent = JSON.parse('{"__proto__":{"polluted":1}}'); const got = await tools.lab.echo(sent); return [Object.keys(got), ({}).polluted ?? null]`,
    [["__proto__"], null],
  ],
  [
    "constructor.prototype in arguments",
    `const got = await tools.lab.echo({ constructor: { prototype: { polluted: 1 } } }); return [Object.keys(got), ({}).polluted ?? null]`,
    [["constructor"], null],
  ],
  [
    "__proto__ deep in arguments",
    `const got = await tools.lab.echo({ a: [JSON.parse('{"__proto__":[1]}')] }); return [Array.isArray(Object.getPrototypeOf(got.a[0])), ({}).polluted ?? null]`,
    [false, null],
  ],
  [
    "__proto__ in a tool's answer",
    `const got = await tools.lab.odd({ kind: "proto" }); return [Object.keys(got).sort(), ({}).polluted ?? null, got.polluted ?? null]`,
    [["__proto__", "constructor"], null, null],
  ],
  [
    "__proto__ in the result",
    `return [Object.keys(JSON.parse('{"__proto__":{"polluted":1}}'))]`,
    [["__proto__"]],
  ],
].map(([what, code, result]) => ({
  what: `14. ${String(what)}`,
  code: String(code),
  expect: returned(result),
}));

const sizes: HostileCase[] = [
  [
    "depth 100,000 in the result",
    "let v = 1; for (let i = 0; i < 1e5; i += 1) v = [v]; return v",
    refused("value_too_large", "value_unsupported", "snippet_threw"),
  ],
  [
    "depth 100,000 in arguments",
    "let v = 1; for (let i = 0; i < 1e5; i += 1) v = { v }; return await tools.lab.echo({ v })",
    refused("value_too_large", "value_unsupported", "snippet_threw"),
  ],
  [
    "depth just within",
    "let v = 1; for (let i = 0; i < 90; i += 1) v = [v]; return JSON.stringify((await tools.lab.echo({ v })).v).length",
    returned(181),
  ],
  [
    "a million keys",
    "const v = {}; for (let i = 0; i < 1e6; i += 1) v['k' + i] = i; return v",
    refused("value_too_large", "memory_limit", "cpu_limit", "wall_limit", "snippet_threw"),
  ],
  [
    "two million elements",
    "return Array.from({ length: 2e6 }, () => 0)",
    refused("value_too_large", "memory_limit", "cpu_limit", "wall_limit"),
  ],
  ["a string past the limit", "return 'x'.repeat(5 * 2 ** 20)", refused("value_too_large")],
  [
    "a string of a gigabyte",
    "return 'x'.repeat(2 ** 29).length + ('y'.repeat(2 ** 29) + 'z'.repeat(2 ** 29)).slice(0, 1)",
    refused("snippet_threw", "memory_limit", "cpu_limit", "wall_limit"),
  ],
  [
    "arguments past their limit",
    "return await tools.lab.echo({ v: 'x'.repeat(2 ** 20) })",
    refused("value_too_large"),
  ],
  [
    "arguments just within",
    "return (await tools.lab.echo({ v: 'x'.repeat(2 ** 20 - 100) })).v.length",
    returned(2 ** 20 - 100),
  ],
  [
    "100 MB of small objects",
    "return Array.from({ length: 1e6 }, (_, i) => ({ i, t: 'abcdefghij' + i }))",
    refused("value_too_large", "memory_limit", "cpu_limit", "wall_limit"),
  ],
  [
    "a bigint of a million digits",
    "return 10n ** 1000000n",
    refused("value_too_large", "cpu_limit", "memory_limit", "snippet_threw"),
  ],
].map(([what, code, check]) => ({
  what: `15. ${String(what)}`,
  code: String(code),
  expect: check as HostileCase["expect"],
}));

const upstream: HostileCase[] = [
  ...["cycle", "deep", "huge", "many", "function", "symbol", "getter", "proxy", "promise"].map((kind) => ({
    what: `16. a tool that answers with: ${kind}`,
    code: `return await tools.lab.odd({ kind: "${kind}" })`,
    expect: refused("tool_result_invalid", "tool_failed", "value_too_large", "value_unsupported"),
  })),
  {
    what: "16. a tool that answers with: everything JSON lacks",
    code: `const v = await tools.lab.odd({ kind: "native" }); return [v.date instanceof Date, typeof v.big, v.bytes.length, v.map.get("k"), v.set.has(1), Number.isNaN(v.nan), "none" in v]`,
    expect: returned([true, "bigint", 2, 1, true, true, true]),
  },
  {
    what: "16. a tool that answers with: something thenable",
    code: `const v = await tools.lab.odd({ kind: "thenable" }); return v.value`,
    expect: returned(1),
  },
  {
    what: "16. an odd answer that the snippet catches",
    code: `try { await tools.lab.odd({ kind: "cycle" }) } catch (error) { return error.code }`,
    expect: returned("tool_result_invalid"),
  },
];

describeHostile("values", [...liars, ...lacking, ...pollution, ...sizes, ...upstream]);
