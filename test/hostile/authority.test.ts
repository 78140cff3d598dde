/**
 * Names that are no tools, tools that are not to be had, and arguments that do not fit.
 */
import { expect } from "vitest";
import { forged, nothingSent } from "./forge-frames.ts";
import { describeHostile, refused, returned, type HostileCase, type HostileHost } from "./hostile-host.ts";

const names: HostileCase[] = [
  ...[
    "tools.constructor({})",
    "tools.__proto__({})",
    "tools.toString({})",
    "tools.then({})",
    "tools.lab.constructor({})",
    "tools.lab.__proto__({})",
    "tools.lab.__proto__.echo({})",
    "tools.lab.then({})",
    "tools.lab.toString({})",
    "tools.lab.toJSON({})",
    "tools.lab.valueOf({})",
    "tools.lab.hasOwnProperty('echo')",
    "tools.lab.isPrototypeOf({})",
    "tools.lab.prototype({})",
    "tools.lab.echo.call(null, {})",
    "tools.lab.echo.bind(null)({})",
    "tools['']({})",
    "tools.lab['']({})",
    "tools.lab[''].echo({})",
    "tools.lab['echo ']({})",
    "tools.lab['echo\\0']({})",
    "tools.lab['echo\\u200b']({})",
    "tools['l\\u0430b'].echo({})",
    "tools.lab['x'.repeat(10240)]({})",
    "tools['x'.repeat(10240)].echo({})",
    "tools.a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r({})",
    "tools.lab['../lab/echo']({})",
    "tools.LAB.echo({})",
  ].map((call) => ({
    what: `27. ${call}`,
    code: `return await ${call}`,
    expect: (document: Parameters<HostileCase["expect"]>[0], { sent }: HostileHost) => {
      refused("tool_not_found", "snippet_threw")(document);
      expect(document.error?.message.length).toBeLessThan(2_000);
      expect(sent).toEqual([]);
    },
  })),
  ...["['lab.echo']", ".lab['echo']", "['lab']['echo']"].map((way) => ({
    what: `27. tools${way} is that very tool`,
    code: `return await tools${way}({ a: 1 })`,
    expect: (document: Parameters<HostileCase["expect"]>[0], { sent }: HostileHost) => {
      returned({ a: 1 })(document);
      expect(sent).toEqual([{ a: 1 }]);
    },
  })),
];

const unavailable: HostileCase[] = [
  ["a denied tool", "await tools.lab.denied({})", "call_denied"],
  ["a denied tool, asked again and again", again("tools.lab.denied({})"), "call_denied"],
  [
    "a denied tool, in parallel",
    "await Promise.all(Array.from({ length: 20 }, () => tools.lab.denied({})))",
    "call_denied",
  ],
  [
    "a denied tool, by Reflect",
    "await Reflect.apply(tools.lab.denied, undefined, [{ force: true }])",
    "call_denied",
  ],
  ["a denied tool, in a step", "await codemode.step('ok', () => tools.lab.denied({}))", "call_denied"],
  ["a hidden tool", "await tools.lab.hidden({})", "tool_not_found"],
  ["a hidden tool, by its whole path", "await tools['lab.hidden']({})", "tool_not_found"],
  ["a hidden tool's description", "await codemode.describe('lab.hidden')", "tool_not_found"],
  ["a builtin that is a tool", "await codemode.lab.echo({})", "tool_not_found"],
  ["a tool that is a builtin", "await tools.codemode.search('x')", "tool_not_found"],
].map(([what = "", code = "", expected = ""]) => ({
  what: `29. ${what}`,
  code,
  expect: (document, { sent }) => {
    refused(expected)(document);
    expect(sent).toEqual([]);
  },
}));

const searched: HostileCase = {
  what: "29. a hidden tool is not found by its words",
  code: "const all = []; for (const q of ['hidden', 'left out by the operator', 'lab']) all.push(...(await codemode.search({ query: q, limit: 50 })).results.map((r) => r.path)); return all.filter((p) => p.includes('hidden'))",
  expect: returned([]),
};

const forgedUnavailable: HostileCase[] = [
  '["lab","denied"]',
  '["lab","hidden"]',
  '["lab.hidden"]',
  '["lab","strict"]',
  '["journal","approve"]',
].map((path) => ({
  what: `29. a forged call of ${path}`,
  code: forged(`["call",2,"tool",${path},[{"n":"no number"}],null]`),
  expect: (_, host) => nothingSent(host),
}));

function again(call: string): string {
  return `for (let i = 0; i < 50; i += 1) await ${call}.catch(() => {}); await ${call}`;
}

const misfits: HostileCase[] = [
  "strict({})",
  "strict()",
  "strict(null)",
  "strict(5)",
  "strict('{\"n\":1}')",
  "strict([{ n: 1 }])",
  "strict({ n: '1' })",
  "strict({ n: true })",
  "strict({ n: null })",
  "strict({ n: [1] })",
  "strict({ n: { valueOf: 1 } })",
  "strict({ n: NaN })",
  "strict({ n: 1, word: 1n })",
  "strict({ n: new Date(0) })",
  "strict({ n: 1, extra: 1 })",
  "strict({ n: 1, kind: 'c' })",
  "strict({ n: 1, kind: 'A' })",
  "strict({ n: 1, kind: ['a'] })",
  "strict({ n: 1 }, { n: 2 })",
  'strict(JSON.parse(\'{"n":1,"__proto__":{"n":2}}\'))',
  "strict(Object.create({ n: 1 }))",
  "strict(new Map([['n', 1]]))",
  "strict({ n: 1, word: 'b' })",
  "strict({ n: 1, word: 'a'.repeat(28) + '!' })",
  "strict({ n: 1, word: 'a'.repeat(200000) + '!' })",
  "tree({ node: { next: { next: { other: 1 } } } })",
  "tree({ nodes: {} })",
].map((call) => ({
  what: `30. lab.${call}`,
  code: `return await tools.lab.${call}`,
  expect: (document, { sent }) => {
    refused("tool_arguments_invalid", "value_unsupported")(document);
    expect(document.timings.totalMs).toBeLessThan(5_000);
    expect(sent).toEqual([]);
  },
}));

const fits: HostileCase[] = [
  {
    what: "30. a pattern that backtracks for ever fits what it means",
    code: "return await tools.lab.strict({ n: 1, word: 'a'.repeat(100000) })",
    expect: returned("fits"),
  },
  {
    what: "30. a schema that refers to itself",
    code: "let node = {}; for (let i = 0; i < 60; i += 1) node = { next: node }; return await tools.lab.tree({ node })",
    expect: returned("planted"),
  },
  {
    what: "30. references that lead nowhere but to each other",
    code: "return await tools.lab.tree({ loop: { any: 'thing' } }).catch((error) => error.code)",
    expect: ({ status, result, timings }) => {
      expect([status, result]).toEqual([
        "completed",
        expect.stringMatching(/^(planted|tool_arguments_invalid)$/),
      ]);
      expect(timings.totalMs).toBeLessThan(5_000);
    },
  },
];

describeHostile("authority", [...names, ...unavailable, searched, ...forgedUnavailable, ...misfits, ...fits]);
