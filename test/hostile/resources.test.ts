/**
 * Spinning, hoarding, flooding and never ending: each is ended within its deadline, and the next run works.
 */
import { expect } from "vitest";
import { describeHostile, killed, limits, refused, returned, type HostileCase } from "./hostile-host.ts";

type Row = readonly [what: string, code: string, check: HostileCase["expect"]];
const toCases = (number: string, rows: readonly Row[]): HostileCase[] =>
  rows.map(([what, code, check]) => ({ what: `${number}. ${what}`, code, expect: check }));

const spin = killed("cpu_limit", "wall_limit", "memory_limit");

const cpu = toCases("17", [
  ["a spin", "while (true) {}", spin],
  ["a spin after an await", "await tools.lab.echo({}); for (;;) {}", spin],
  ["a spin beside a call", "void tools.lab.slow({}); for (;;) {}", spin],
  ["a microtask spin", "const again = () => Promise.resolve().then(again); await again()", spin],
  ["a spin in a timer", "await new Promise(() => setTimeout(() => { for (;;) {} }, 1))", spin],
  ["a regular expression that backtracks", "return /^(a+)+$/.test('a'.repeat(40) + '!')", spin],
  ["a comparator that spins", "return [3, 2, 1].sort(() => { for (;;) {} })", spin],
  [
    "a BigInt power",
    "let n = 3n; for (;;) n = n ** 3n % (2n ** 100000n)",
    killed("cpu_limit", "wall_limit", "memory_limit", "snippet_threw"),
  ],
  [
    "a JSON bomb",
    "let t = '[]'; for (let i = 0; i < 30; i += 1) t = '[' + t + ',' + t + ']'; for (;;) JSON.parse(t)",
    killed("cpu_limit", "wall_limit", "memory_limit", "snippet_threw"),
  ],
  ["a getter that spins while it is encoded", "return { get a() { for (;;) {} } }", spin],
  ["a finally that spins", "try { throw 1 } finally { for (;;) {} }", spin],
]);

const full = killed(
  "memory_limit",
  "cpu_limit",
  "snippet_threw",
  "value_too_large",
  "wall_limit",
  "sandbox_died",
);

const memory = toCases("18", [
  ["array growth", "const a = []; for (;;) a.push(new Array(1000).fill(1))", full],
  [
    "array buffers, the error caught",
    "const a = []; for (;;) { try { a.push(new Uint8Array(2 ** 24).fill(1)) } catch { a.length = a.length >> 1 } }",
    full,
  ],
  ["map growth", "const m = new Map(); for (let i = 0; ; i += 1) m.set(i, { i })", full],
  ["string doubling", "let s = 'xxxxxxxx'; for (;;) { s += s; [...s.slice(0, 9)] }", full],
  [
    "flattened ropes",
    "const a = []; for (let i = 0; ; i += 1) { const s = ('x'.repeat(2 ** 20) + i); a.push(JSON.stringify(s)) }",
    full,
  ],
  ["Array(n).fill", "const a = []; for (;;) a.push(Array(2 ** 20).fill(a.length))", full],
  ["a promise flood", "const a = []; for (;;) a.push(new Promise(() => {}).then(() => 1))", full],
  [
    "one buffer of two gigabytes",
    "return new ArrayBuffer(2 ** 31 - 1).byteLength",
    killed("memory_limit", "snippet_threw", "cpu_limit", "sandbox_died"),
  ],
]);

const stack = killed("snippet_threw", "cpu_limit", "memory_limit", "wall_limit", "sandbox_died");

const recursion = toCases("19", [
  ["deep recursion", "const f = () => f(); f()", stack],
  ["recursion through try and finally", "const f = () => { try { f() } finally { f() } }; f()", stack],
  ["recursion through promises", "const f = async () => { await f() }; await f()", stack],
  ["recursion through a proxy", "const p = new Proxy({}, { get: (_, k) => p[k] }); return p.x", stack],
  ["recursion through toString", "const o = { toString: () => `${o}` }; return `${o}`", stack],
  [
    "recursion that is caught",
    "const f = () => { try { return f() } catch { return 1 } }; return f()",
    returned(1),
  ],
]);

const timers = toCases("20", [
  [
    "a million timers",
    "for (let i = 0; i < 1e6; i += 1) setTimeout(() => {}, 1); await new Promise(() => {})",
    killed("timer_limit", "cpu_limit", "memory_limit", "call_limit"),
  ],
  [
    "an interval of zero",
    "await new Promise(() => setInterval(() => {}, 0))",
    killed("timer_limit", "wall_limit", "cpu_limit", "never_settled"),
  ],
  [
    "as many timers as allowed",
    `let n = 0; await Promise.all(Array.from({ length: ${limits.timers} }, () => new Promise((r) => setTimeout(() => r(n += 1), 0)))); return n`,
    returned(limits.timers),
  ],
  [
    "one timer too many",
    `await Promise.all(Array.from({ length: ${limits.timers + 1} }, () => new Promise((r) => setTimeout(r, 0)))); return 1`,
    refused("timer_limit"),
  ],
  [
    "timers that start timers",
    "const f = () => setTimeout(() => { f(); f() }, 0); f(); await new Promise(() => {})",
    killed("timer_limit", "wall_limit", "cpu_limit", "never_settled"),
  ],
  ["a cleared timer", "clearTimeout(setTimeout(() => { throw 1 }, 0)); return 1", returned(1)],
]);

const cut: HostileCase["expect"] = ({ logs, status, error }) => {
  const bytes = logs.reduce((sum, line) => sum + Buffer.byteLength(line.text), 0);
  expect(bytes).toBeLessThan(limits.logBytes * 1.2 + 4_096);
  if (status === "failed") expect(error?.code).toMatch(/^(cpu_limit|memory_limit|wall_limit|snippet_threw)$/);
};

const logs = toCases("21", [
  ["a million lines", "for (let i = 0; i < 1e6; i += 1) console.log(i)", cut],
  ["one line of 40 MB", "console.log('x'.repeat(40 * 2 ** 20))", cut],
  ["a cyclic object", "const a = { name: 'a' }; a.self = a; console.log(a); return 1", cut],
  [
    "an enormous object",
    "console.log(Object.fromEntries(Array.from({ length: 2e5 }, (_, i) => ['k' + i, i]))); return 1",
    cut,
  ],
  [
    "an object that throws when it is looked at",
    "console.log({ get a() { throw new Error('x') } }, new Proxy({}, { ownKeys() { throw 1 } })); return 1",
    cut,
  ],
  ["a spinning object", "console.log({ get a() { for (;;) {} } })", cut],
  ["control characters", "console.log('\\u001b[2J\\u0007\\u202Eabc'); return 1", cut],
]);

const calls = toCases("22", [
  [
    "100,000 calls at once",
    "await Promise.allSettled(Array.from({ length: 1e5 }, (_, i) => tools.lab.echo({ i }))); return 1",
    ({ status, error, calls: made }) => {
      expect(made.length).toBeLessThanOrEqual(limits.calls);
      if (status === "failed")
        expect(error?.code).toMatch(/^(call_limit|cpu_limit|memory_limit|wall_limit)$/);
    },
  ],
  [
    "100,000 calls one after the other",
    "for (let i = 0; i < 1e5; i += 1) await tools.lab.echo({ i })",
    killed("call_limit", "cpu_limit", "wall_limit"),
  ],
  [
    "as many calls as allowed",
    `for (let i = 0; i < ${limits.calls}; i += 1) await tools.lab.echo({}); return 1`,
    returned(1),
  ],
  [
    "one call too many, caught",
    `for (let i = 0; i < ${limits.calls}; i += 1) await tools.lab.echo({}); try { await tools.lab.echo({}) } catch (error) { return error.code }`,
    returned("call_limit"),
  ],
  [
    "calls that nobody awaits",
    "for (let i = 0; i < 200; i += 1) void tools.lab.slow({ i }); return 1",
    returned(1),
  ],
]);

const unsettled = toCases("23", [
  ["a promise that never settles", "await new Promise(() => {})", refused("never_settled", "wall_limit")],
  [
    "an await on a thenable that never calls back",
    "await { then() {} }",
    refused("never_settled", "wall_limit"),
  ],
  ["a race of nothing", "await Promise.race([])", refused("never_settled", "wall_limit")],
  [
    "a generator that waits for ever",
    "for await (const x of { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }) return x",
    refused("never_settled", "wall_limit"),
  ],
  [
    "an unhandled rejection",
    "void Promise.reject(new Error('nobody')); await tools.lab.echo({}); return 1",
    returned(1),
  ],
  [
    "an unhandled rejection of a tool",
    "void tools.lab.fail({}); await tools.lab.slow({}); return 1",
    returned(1),
  ],
  [
    "a throw in a timer",
    "setTimeout(() => { throw new Error('late') }, 0); await tools.lab.slow({}); return 1",
    ({ status }) => expect(status).toMatch(/completed|failed/),
  ],
]);

const texts = toCases("24", [
  ["a snippet of 10 MB", `return "${"x".repeat(10 * 2 ** 20)}"`, refused("snippet_too_large")],
  ["100,000 nested parentheses", `return ${"(".repeat(1e5)}1${")".repeat(1e5)}`, refused("snippet_syntax")],
  [
    "100,000 template literals",
    `return [${"`a`,".repeat(1e5)}].length`,
    ({ status, error }) =>
      expect([status, error?.code].join()).toMatch(
        /^completed|failed,(snippet_too_large|snippet_syntax|cpu_limit|memory_limit)/,
      ),
  ],
  [
    "nested templates",
    `return ${"`${".repeat(5e3)}1${"}`".repeat(5e3)}`,
    refused("snippet_syntax", "snippet_too_large"),
  ],
  ["100,000 operators", `return ${"!".repeat(1e5)}1`, refused("snippet_syntax", "snippet_too_large")],
  [
    "100,000 statements",
    `${"let x;".replace("x", "a")}${";".repeat(1e5)} return 1`,
    ({ status }) => expect(status).toMatch(/completed|failed/),
  ],
  [
    "a type that nests for ever",
    `type A<T> = T extends [infer H, ...infer R] ? A<[...R, H]> : never; const a: A<[1, 2, 3]> = 1 as never; return 1`,
    ({ status }) => expect(status).toMatch(/completed|failed/),
  ],
]);

describeHostile("resources", [
  ...cpu,
  ...memory,
  ...recursion,
  ...timers,
  ...logs,
  ...calls,
  ...unsettled,
  ...texts,
]);
