/**
 * Ways out of the isolate: constructors, stack machinery, imports, evaluation, shared memory, network, files,
 * wrapper tricks, the harness, and rewritten built-ins.
 */
import { expect } from "vitest";
import { describeHostile, refused, returned, unreachable, type HostileCase } from "./hostile-host.ts";

/** Tries each expression and says what it found; an object or function found is evidence of an escape. */
function probe(...expressions: string[]): string {
  const tries = expressions.map(
    (each) =>
      `(() => { try { const found = ${each}; return found === undefined || found === null ? "undefined" : typeof found === "string" ? found : typeof found === "function" ? called(found) : typeof found; } catch (error) { return "threw"; } })()`,
  );
  // Some absent globals are there as functions that say what to use instead: inert, once called.
  const called = `const called = (found) => { try { found("node:fs"); return "function" } catch { return "threw" } };`;
  return `${called}\nreturn [${tries.join(",\n")}]`;
}

const viaConstructor = (start: string): string =>
  `(${start}).constructor.constructor("return typeof process === 'undefined' ? undefined : process.env.CODEMODE_CANARY ?? 'process'")()`;

const constructors: HostileCase[] = [
  ["a global object", "globalThis"],
  ["an array", "[]"],
  ["a function", "(() => 1)"],
  ["an async function", "(async () => 1)"],
  ["a generator", "(function* () {})()"],
  ["the tools", "tools"],
  ["one tool", "tools.lab.echo"],
  ["the console", "console"],
  ["a console method", "console.log"],
  ["codemode", "codemode"],
  ["an error", "new Error('x')"],
  ["a date", "new Date()"],
  ["a promise", "Promise.resolve()"],
  ["a typed array", "new Uint8Array(1)"],
  ["a regular expression", "/x/"],
  ["a symbol", "Symbol.iterator"],
].map(([what = "", start = ""]) => ({
  what: `1. the constructor of ${what}`,
  code: probe(viaConstructor(start)),
  expect: unreachable,
}));

const caught: HostileCase[] = [
  ["a tool's result", "const found = await tools.lab.echo({ a: [1] });"],
  ["a tool's nested result", "const found = (await tools.lab.echo({ a: [1] })).a;"],
  ["a caught tool error", "let found; try { await tools.lab.fail({}) } catch (error) { found = error }"],
  [
    "the cause of a caught tool error",
    "let found; try { await tools.lab.fail({}) } catch (error) { found = error.cause ?? error }",
  ],
  [
    "the data of a caught tool error",
    "let found; try { await tools.lab.nothing({}) } catch (error) { found = error.data ?? error }",
  ],
  ["a stack overflow", "let found; try { (function f() { f() })() } catch (error) { found = error }"],
  ["a rejected promise", "const found = await Promise.reject(new Error('x')).catch((error) => error)"],
  ["a call's promise", "const found = tools.lab.echo({}); await found;"],
].map(([what = "", start = ""]) => ({
  what: `1. the constructor of ${what}`,
  code: `${start}\n${probe(viaConstructor("found"))}`,
  expect: unreachable,
}));

const stacks: HostileCase[] = [
  [
    "getThis",
    "sites.map((site) => site.getThis?.()).find((each) => each !== undefined && each !== null && each !== globalThis)",
  ],
  [
    "getFunction",
    "sites.map((site) => site.getFunction?.()).find((each) => each !== undefined && each !== null)?.constructor('return typeof process === \"object\" ? process : undefined')()",
  ],
  [
    "getFileName of the host",
    "sites.map((site) => String(site.getFileName?.())).find((name) => /node:|\\/src\\/|\\/dist\\//.test(name))",
  ],
  [
    "getEvalOrigin",
    "sites.map((site) => site.getEvalOrigin?.()).find((each) => /\\/src\\/|\\/dist\\//.test(String(each)))",
  ],
  [
    "getTypeName of a process",
    "sites.map((site) => site.getTypeName?.()).find((each) => each === 'process')",
  ],
].map(([what = "", look = ""]) => ({
  what: `2. Error.prepareStackTrace reaching ${what}`,
  code: `let sites = []; Error.prepareStackTrace = (_, all) => { sites = all; return "" }; void new Error("x").stack; try { await tools.lab.fail({}) } catch (error) { void error.stack }\n${probe(look)}`,
  expect: unreachable,
}));

const imports: HostileCase[] = [
  ["node:fs", 'await import("node:fs")'],
  ["node:child_process by concatenation", 'await import("node:" + "child_process")'],
  ["a specifier with a comment", 'await import(/* x */ "node:os" /* y */)'],
  ["fs without a scheme", 'await import("fs")'],
  ["a data: module", 'await import("data:text/javascript,export default 1")'],
  ["an https: module", 'await import("https://127.0.0.1/x.js")'],
  ["a file: module", 'await import("file:///etc/passwd")'],
  ["a relative module", 'await import("./harness.js")'],
  ["the snippet itself, again", '(await import("snippet.js")).default.constructor("return process")()'],
].map(([what = "", code = ""]) => ({
  what: `3. importing ${what}`,
  code: `try { const found = ${code}; return typeof found?.default?.env ?? "undefined" } catch { return "refused" }`,
  expect: unreachable,
}));

const staticImports: HostileCase[] = [
  ['import fs from "node:fs";\nreturn fs', "a default import"],
  ['import * as w from "cloudflare:workers";\nreturn w', "a namespace import"],
  ['import "node:fs";\nreturn 1', "a bare import"],
  ['export { x } from "data:text/javascript,export const x = 1";', "a re-export"],
  ['import /* c */ { env } from "cloudflare:workers";\nexport default env', "an import with a comment"],
].map(([code = "", what = ""]) => ({ what: `3. ${what}`, code, expect: refused("snippet_syntax") }));

const runtimeModules: HostileCase[] = [
  "cloudflare:workers",
  "cloudflare:sockets",
  "cloudflare:email",
  "workerd:unsafe",
  "workerd:compatibility-flags",
].map((name) => ({
  what: `3. ${name} holds nothing`,
  code: `try { const found = await import("${name}"); return JSON.stringify(found.env ?? {}) + (typeof found.connect === "function" ? await found.connect("127.0.0.1:80").opened.then(() => "connected", () => "") : "") } catch { return "" }`,
  expect: ({ status, result }) => {
    if (status === "completed") expect(["", "{}"]).toContain(result);
  },
}));

const globals: HostileCase[] = [
  probe("require", "module", "exports", "__dirname", "__filename"),
  probe("process", "global", "globalThis.process", "self.process"),
  probe("process.binding('fs')", "process.mainModule", "process.dlopen"),
  probe("Deno", "Bun", "WScript", "java"),
  probe("Buffer", "setImmediate", "__proto__.process", "this?.process"),
].map((code, index) => ({ what: `4. host globals, set ${index + 1}`, code, expect: unreachable }));

const evaluation: HostileCase[] = [
  ["eval", `eval("typeof process === 'object' ? 'process' : undefined")`],
  ["indirect eval", `(0, eval)("typeof process === 'object' ? 'process' : undefined")`],
  ["Function", `new Function("return typeof process === 'object' ? 'process' : undefined")()`],
  ["AsyncFunction", `(Object.getPrototypeOf(async () => {}).constructor("return 1"), undefined)`],
  [
    "GeneratorFunction",
    `(Object.getPrototypeOf(function* () {}).constructor("yield typeof process")().next().value === "object" ? "process" : undefined)`,
  ],
  ["a timer with text", `(setTimeout("globalThis.escaped = 1", 0), undefined)`],
  [
    "Reflect.construct of Function",
    `Reflect.construct(Function, ["return typeof process === 'object' ? 'process' : undefined"])()`,
  ],
].map(([what = "", expression = ""]) => ({
  what: `5. ${what}`,
  code: probe(expression),
  expect: unreachable,
}));

const memory: HostileCase[] = [
  probe("SharedArrayBuffer", "new SharedArrayBuffer(8)"),
  probe("Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0)"),
  probe("new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))"),
  "try { await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); return 'compiled' } catch { return 'refused' }",
  "try { await WebAssembly.instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); return 'compiled' } catch { return 'refused' }",
  probe("new WebAssembly.Memory({ initial: 1, shared: true, maximum: 1 }).buffer"),
].map((code, index) => ({
  what: `6. shared memory and WebAssembly, set ${index + 1}`,
  code,
  expect: unreachable,
}));

const network: HostileCase[] = [
  ["fetch", 'await fetch("http://127.0.0.1:1/")'],
  ["fetch by another name", 'await globalThis["fe" + "tch"]("http://127.0.0.1:1/")'],
  ["WebSocket", 'new WebSocket("ws://127.0.0.1:1/")'],
  ["XMLHttpRequest", "new XMLHttpRequest()"],
  ["EventSource", 'new EventSource("http://127.0.0.1:1/")'],
  ["navigator.sendBeacon", 'navigator.sendBeacon("http://127.0.0.1:1/")'],
  ["a socket pair", "new WebSocketPair()"],
  ["caches", 'await caches.open("x")'],
].map(([what = "", code = ""]) => ({
  what: `7. ${what}`,
  code: `try { const found = ${code}; return typeof found === "undefined" ? "undefined" : "reached" } catch { return "refused" }`,
  expect: unreachable,
}));

const wrapper: HostileCase[] = [
  ["closing the function", "})(); (async () => {"],
  ["closing the function with a brace", "}\nglobalThis.escaped = 1;\n{"],
  ["closing a template", "`}`; } export const escaped = 1; {"],
  ["a script end tag", "</script><script>alert(1)</script>"],
  ["an HTML comment", "<!-- \nreturn 1\n-->"],
  ["an unclosed comment", "return 1 /* "],
  ["an unclosed template", "return `abc"],
].map(([what = "", code = ""]) => ({ what: `9. ${what}`, code, expect: refused("snippet_syntax") }));

const harmlessText: HostileCase[] = [
  { what: "9. a fence", code: "```js\nreturn 9\n```", expect: returned(9) },
  { what: "9. a byte order mark", code: "\uFEFFreturn 9", expect: returned(9) },
  { what: "9. line separators in a string", code: 'return "a\u2028b\u2029c".length', expect: returned(5) },
  { what: "9. a trailing line comment", code: "return 9 //", expect: returned(9) },
  { what: "9. a hashbang in a comment", code: "//#!/bin/sh\nreturn 9", expect: returned(9) },
  {
    what: "9. a source map comment",
    code: "return 9\n//# sourceMappingURL=file:///etc/passwd",
    expect: returned(9),
  },
];

const harness: HostileCase[] = [
  probe(
    "Object.getOwnPropertyDescriptor(tools, 'host')?.value",
    "Reflect.ownKeys(tools)[0]",
    "Object.getPrototypeOf(tools)?.host",
  ),
  probe(
    "Object.getOwnPropertyNames(globalThis).find((name) => /host|bridge|stub|supervisor|LOADER|HOP/i.test(name))",
  ),
  probe("globalThis.env", "globalThis.ctx", "globalThis.LOADER", "globalThis.HOP", "globalThis.GUEST"),
  probe("(function () { return arguments.callee.caller })()", "(function () { return this })()?.env"),
  probe(
    "Object.getOwnPropertySymbols(globalThis).map((each) => globalThis[each]).find((each) => typeof each === 'object' && each !== null && 'env' in each)",
  ),
  `addEventListener("message", () => {}); dispatchEvent?.(new Event("fetch")); return "undefined"`,
].map((code, index) => ({ what: `10. harness internals, set ${index + 1}`, code, expect: unreachable }));

const rewritten: HostileCase[] = [
  ["JSON.stringify", 'JSON.stringify = () => "forged"; JSON.parse = () => ({ forged: true });'],
  [
    "Array.prototype",
    "for (const name of ['map', 'push', 'join', 'entries', 'shift']) Array.prototype[name] = () => { throw new Error('rewritten') };",
  ],
  ["Promise.prototype.then", "Promise.prototype.then = function () { return this };"],
  ["Object.prototype.toJSON", "Object.prototype.toJSON = () => 'forged';"],
  [
    "getters on globalThis",
    "Object.defineProperty(globalThis, 'JSON', { get: () => { throw new Error('rewritten') } });",
  ],
  [
    "Function.prototype.call",
    "Function.prototype.call = Function.prototype.apply = () => { throw new Error('rewritten') };",
  ],
  [
    "Map and WeakMap",
    "Map.prototype.get = Map.prototype.set = Map.prototype.delete = () => { throw new Error('rewritten') };",
  ],
  ["String.prototype", "String.prototype.slice = String.prototype.startsWith = () => 'forged';"],
  ["Symbol.iterator", "Array.prototype[Symbol.iterator] = function* () { yield 'forged' };"],
].map(([what = "", code = ""]) => ({
  what: `11. rewriting ${what}`,
  code: `${code}\nreturn await tools.lab.echo({ honest: 1 })`,
  expect: (document, { sent }) => {
    expect(document.status).toMatch(/^(completed|failed)$/);
    expect(sent.length).toBeLessThanOrEqual(1);
  },
}));

const files: HostileCase[] = [
  "try { const fs = await import('node:fs'); return fs.readFileSync('/etc/passwd', 'utf8').slice(0, 4) } catch { return 'refused' }",
  "try { return await (await fetch('file:///etc/passwd')).text() } catch { return 'refused' }",
  probe("process.env.CODEMODE_CANARY", "globalThis.env?.CODEMODE_CANARY", "Deno.env.get('CODEMODE_CANARY')"),
  "try { const worker = await import('cloudflare:workers'); return Object.keys(worker.env ?? {}).join() } catch { return 'refused' }",
  "try { const p = await import('node:process'); return p.env.CODEMODE_CANARY ?? 'undefined' } catch { return 'refused' }",
].map((code, index) => ({ what: `8. files and environment, set ${index + 1}`, code, expect: unreachable }));

describeHostile("escape", [
  ...constructors,
  ...caught,
  ...stacks,
  ...imports,
  ...staticImports,
  ...runtimeModules,
  ...globals,
  ...evaluation,
  ...memory,
  ...network,
  ...files,
  ...wrapper,
  ...harmlessText,
  ...harness,
  ...rewritten,
]);
