/**
 * What one run leaves behind in a process that the next run is given: nothing it can see, nothing that acts.
 */
import { describe, expect, it, onTestFinished } from "vitest";
import { engines, openHost, type HostileHost } from "./hostile-host.ts";

const plants: readonly (readonly [what: string, plant: string, look: string])[] = [
  ["globals", "globalThis.left = 1; self.left2 = 1; return 1", "return [typeof left, typeof left2]"],
  [
    "prototypes",
    "Object.prototype.left = 1; Array.prototype.left = 1; Function.prototype.left = 1; return 1",
    "return [typeof {}.left, typeof [].left, typeof (() => 1).left]",
  ],
  [
    "rewritten built-ins",
    "JSON.stringify = Array.prototype.map = Promise.prototype.then = Date.now = Math.random = () => 'left'; return 1",
    "return [[1].map((n) => n + 1)[0] === 2, JSON.stringify({}) === '{}', typeof Date.now() === 'number', await Promise.resolve(1) === 1].map((ok) => ok ? 'undefined' : 'left')",
  ],
  [
    "frozen intrinsics",
    "Object.freeze(Object.prototype); Object.freeze(Array.prototype); Object.freeze(globalThis); return 1",
    "globalThis.x = 1; Array.prototype.y = 1; return [typeof x === 'number' && [].y === 1 ? 'undefined' : 'left']",
  ],
  [
    "the registry of symbols",
    "globalThis[Symbol.for('left')] = { v: 1 }; Symbol.left = 1; Object.assign(Symbol.prototype, { left: 1 }); return 1",
    "return [typeof globalThis[Symbol.for('left')], typeof Symbol.left, typeof Symbol.for('left').left]",
  ],
  [
    "static properties of the language",
    "/(left)/.exec('left'); Error.stackTraceLimit = 0; Error.prepareStackTrace = () => 'left'; return 1",
    "return [RegExp.$1 || 'undefined', String(new Error('x').stack).includes('left') ? 'left' : 'undefined']",
  ],
  [
    "the module cache",
    "const m = await import('snippet.js').catch(() => ({})); m.left = 1; globalThis.m = m; return 1",
    "return [typeof globalThis.m, typeof (await import('snippet.js').catch(() => ({}))).left]",
  ],
  [
    "timers",
    "setInterval(() => { globalThis.left = 1; void tools.lab.echo({ left: 1 }) }, 1); return 1",
    "await new Promise((r) => setTimeout(r, 60)); return [typeof left]",
  ],
  [
    "promises that go on",
    "const on = async () => { for (;;) { await tools.lab.slow({ left: 1 }) } }; void on(); await null; return 1",
    "await tools.lab.slow({}); await tools.lab.slow({}); return [typeof left]",
  ],
  [
    "listeners",
    "addEventListener?.('message', (e) => { globalThis.left = e }); addEventListener?.('fetch', () => {}); return 1",
    "return [typeof left]",
  ],
  [
    "a cache or a store",
    "try { const c = await caches.open('x'); await c.put('http://x/', new Response('left')) } catch {} try { localStorage.left = 1 } catch {} return 1",
    "try { return [typeof localStorage.left] } catch { return ['undefined'] }",
  ],
  [
    "steps",
    "return await codemode.step('shared', () => 'left')",
    "return [(await codemode.step('shared', () => 'undefined'))]",
  ],
  [
    "the console",
    "const { log } = console; console.log = (...a) => log('left', ...a); return 1",
    "console.log('x'); return ['undefined']",
  ],
  [
    "memory",
    "globalThis.secret = 'left-' + 'x'.repeat(1000); new Uint8Array(2 ** 20).fill(108); return 1",
    "const a = new Uint8Array(2 ** 20); const s = String.fromCharCode(...a.subarray(0, 9)); return [a.every((b) => b === 0) ? 'undefined' : s]",
  ],
];

describe.each(engines)("leftovers on %s", (_, create) => {
  async function open(): Promise<HostileHost> {
    const host = await openHost(create({ prewarm: 1, most: 1 }));
    onTestFinished(() => host.codemode.close());
    return host;
  }

  it("finds nothing of the run before", async () => {
    const host = await open();
    for (const [what, plant, look] of plants) {
      const planted = await host.codemode.execute({ code: plant });
      // What a snippet has broken for itself may be its own end.
      expect(planted.document.status, `planting ${what}`).toMatch(/^(completed|failed)$/);
      host.sent.length = 0;
      const { document } = await host.codemode.execute({ code: look });
      expect([document.status, document.error], what).toEqual(["completed", undefined]);
      expect(
        (document.result as unknown[]).filter((each) => each !== "undefined"),
        what,
      ).toEqual([]);
      expect(document.logs.map((line) => line.text).join(), what).not.toContain("left");
      expect(JSON.stringify(host.sent), what).not.toContain("left");
    }
  });

  it("finds nothing of a run that failed, broke a limit or was paused", async () => {
    const host = await open();
    const ends = [
      "globalThis.left = 1; throw new Error('x')",
      "globalThis.left = 1; for (;;) {}",
      "globalThis.left = 1; await new Promise(() => {})",
      "globalThis.left = 1; await tools.lab.write({})",
      "globalThis.left = 1; const a = []; for (;;) a.push(new Array(1000).fill(1))",
    ];
    for (const code of ends) {
      expect((await host.codemode.execute({ code })).document.status).toMatch(/failed|paused/);
      expect((await host.codemode.execute({ code: "return typeof left" })).document.result).toBe("undefined");
    }
  });

  it("lets a step forge nothing: each run records its own", async () => {
    const host = await open();
    const code = (name: string): string =>
      `const v = await codemode.step('x', () => '${name}'); return [v, await tools.lab.echo({ v })]`;
    for (const name of ["first", "second"]) {
      const { document } = await host.codemode.execute({ code: code(name) });
      expect(document.result).toEqual([name, { v: name }]);
    }
  });
});
