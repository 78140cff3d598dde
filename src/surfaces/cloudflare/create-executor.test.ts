import { afterAll, describe, expect, it, vi } from "vitest";
import { createQuickJsEngine, createWorkerdEngine } from "../../index.ts";
import { createExecutor, type EngineExecutor, type ResolvedProvider } from "./create-executor.ts";

const engines = [
  { name: "workerd", engine: () => createWorkerdEngine() },
  { name: "quickjs", engine: () => createQuickJsEngine() },
];

const provider = (fns: ResolvedProvider["fns"], name = "codemode"): ResolvedProvider => ({ name, fns });

describe.each(engines)("an executor on $name", ({ engine }) => {
  const executor: EngineExecutor = createExecutor({ engine: engine() });
  afterAll(() => executor.close());

  describe("code", () => {
    it.each([
      ["an async arrow", "async () => { return 42; }"],
      ["an arrow of an expression", "async () => 42"],
      ["a function in brackets", "(async function () { return 42; })"],
      ["a named function", "async function main() { return 42; }"],
      ["a body", "const x = 40; return x + 2;"],
      ["statements that end in an expression", "const x = 40;\nx + 2"],
      ["a fenced block", "```js\nasync () => 42\n```"],
      ["an export", "export default async () => 42;"],
      ["TypeScript", "async (): Promise<number> => { const x: number = 42; return x; }"],
    ])("runs %s", async (_, code) => {
      expect(await executor.execute(code, [])).toEqual({ result: 42, logs: [] });
    });

    it.each([
      ["null", "async () => null", null],
      ["nothing", "async () => {}", undefined],
      ["a nested object", "async () => ({ a: [1, { b: 'c' }] })", { a: [1, { b: "c" }] }],
      ["bytes", "async () => new Uint8Array([1, 2, 255])", new Uint8Array([1, 2, 255])],
      ["an own __proto__", `async () => JSON.parse('{"__proto__":1}')`, JSON.parse('{"__proto__":1}')],
    ])("answers with %s", async (_, code, expected) => {
      expect((await executor.execute(code, [])).result).toStrictEqual(expected);
    });

    it("tells what cannot be parsed, and runs nothing", async () => {
      const ran = vi.fn<() => Promise<unknown>>(async () => 1);
      const { error, result } = await executor.execute("async () => { await codemode.ran(; }", [
        provider({ ran }),
      ]);
      expect(error).toBeTruthy();
      expect(result).toBeUndefined();
      expect(ran).not.toHaveBeenCalled();
    });

    it("answers with the message of what was thrown", async () => {
      expect(await executor.execute(`async () => { throw new TypeError("boom"); }`, [])).toEqual({
        result: undefined,
        error: "boom",
        logs: [],
      });
      expect((await executor.execute(`async () => { throw "text"; }`, [])).error).toBe("text");
      expect((await executor.execute("async () => missing.name", [])).error).toMatch(/missing/);
    });
  });

  describe("functions", () => {
    it("stand under codemode, and get what they are called with", async () => {
      const getWeather = vi.fn(async (args: unknown) => ({ city: args, degrees: 20 }));
      const { result } = await executor.execute(
        `async () => { const w = await codemode.getWeather({ location: "London" }); return w.degrees + 1; }`,
        [provider({ getWeather })],
      );
      expect(result).toBe(21);
      expect(getWeather).toHaveBeenCalledWith({ location: "London" });
    });

    it("may be given without a provider", async () => {
      const { result } = await executor.execute("async () => codemode.one()", { one: async () => 1 });
      expect(result).toBe(1);
    });

    it("stand under several namespaces at once", async () => {
      const { result } = await executor.execute(
        "async () => [await codemode.name(), await db.name(), await workspace.name()]",
        [
          provider({ name: async () => "a" }),
          provider({ name: async () => "b" }, "db"),
          provider({ name: async () => "c" }, "workspace"),
        ],
      );
      expect(result).toEqual(["a", "b", "c"]);
    });

    it("take any number of arguments by position", async () => {
      const write = vi.fn(async (...args: unknown[]) => args.length);
      const { result } = await executor.execute(
        `async () => [await state.write("/a", "text", { deep: [1] }), await state.write()]`,
        [provider({ write }, "state")],
      );
      expect(result).toEqual([3, 0]);
      expect(write.mock.calls).toEqual([["/a", "text", { deep: [1] }], []]);
    });

    it("run side by side", async () => {
      let most = 0;
      let now = 0;
      const wait = async (n: unknown) => {
        most = Math.max(most, (now += 1));
        await new Promise((resolve) => setTimeout(resolve, 50));
        now -= 1;
        return n;
      };
      const { result } = await executor.execute(
        "async () => Promise.all([1, 2, 3, 4, 5].map((n) => codemode.wait(n)))",
        [provider({ wait })],
      );
      expect(result).toEqual([1, 2, 3, 4, 5]);
      expect(most).toBe(5);
    });

    it("fail with their message alone, which the code may catch", async () => {
      const secret = Object.assign(new Error("no such city"), {
        apiKey: "sk-canary",
        cause: new Error("sk-canary"),
        stack: "Error: sk-canary\n    at host.ts:1",
      });
      const fail = async () => {
        throw secret;
      };
      const thrown = await executor.execute("async () => codemode.fail()", [provider({ fail })]);
      expect(thrown).toEqual({ result: undefined, error: "no such city", logs: [] });
      const caught = await executor.execute(
        "async () => { try { await codemode.fail(); } catch (e) { console.log(e, e.stack, JSON.stringify(e), String(e.cause)); return 'caught ' + e.message; } }",
        [provider({ fail })],
      );
      expect(caught.result).toBe("caught no such city");
      expect(JSON.stringify(caught)).not.toContain("canary");
    });

    it("are found by their own names only", async () => {
      for (const name of ["missing", "constructor", "toString", "hasOwnProperty", "__proto__", "toJSON"]) {
        const { error } = await executor.execute(`async () => codemode[${JSON.stringify(name)}]()`, [
          provider({ known: async () => 1 }),
        ]);
        expect(error).toBe(`Tool "${name}" not found`);
      }
      expect(
        (await executor.execute("async () => (await codemode, typeof codemode.then)", [provider({})])).result,
      ).toBe("undefined");
    });

    it("are not reachable through a namespace that was not given", async () => {
      const { error } = await executor.execute("async () => db.query('x')", [
        provider({ one: async () => 1 }),
      ]);
      expect(error).toMatch(/db/);
      const global = await executor.execute("async () => globalThis.codemode.search('x')", [
        provider({ search: async () => 1 }),
      ]);
      expect(global.error).toBe('Tool "search" not found');
    });

    it("have names that a program can write", async () => {
      const { result } = await executor.execute(
        "async () => [await codemode.get_sum(), await codemode._3d_render(), await codemode.delete_()]",
        [provider({ "get-sum": async () => 1, "3d-render": async () => 2, delete: async () => 3 })],
      );
      expect(result).toEqual([1, 2, 3]);
    });

    it("bring dates, bytes and what JSON makes of the rest", async () => {
      class Money {
        readonly amount = 3;
        toJSON() {
          return { euros: this.amount };
        }
      }
      const { result } = await executor.execute(
        "async () => { const [at, bytes, money, none] = await codemode.all(); return [at instanceof Date && at.getTime(), bytes[1], money.euros, none]; }",
        [
          provider({
            all: async () => [
              new Date(5),
              new Uint8Array([1, 2]),
              new Money(),
              { f: () => 1, skip: undefined },
            ],
          }),
        ],
      );
      expect(result).toEqual([5, 2, 3, { f: undefined, skip: undefined }]);
    });

    it("fail where their answer cannot cross", async () => {
      const cycle: { self?: unknown } = {};
      cycle.self = cycle;
      const { error } = await executor.execute("async () => codemode.cycle()", [
        provider({ cycle: async () => cycle }),
      ]);
      expect(error).toMatch(/nested more than/);
    });

    it("are not called once the code has ended", async () => {
      const called = vi.fn<() => Promise<unknown>>(async () => 1);
      const gate = Promise.withResolvers<void>();
      const { result } = await executor.execute(
        "async () => { codemode.hold().then(() => codemode.called()); return 'ended'; }",
        [
          provider({
            called,
            hold: async () => {
              await gate.promise;
            },
          }),
        ],
      );
      gate.resolve();
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(result).toBe("ended");
      expect(called).not.toHaveBeenCalled();
    });
  });

  it("keeps what the console said, with warnings and errors marked", async () => {
    const { logs } = await executor.execute(
      "async () => { console.log('a', 1); console.warn('careful'); console.error('bad'); }",
      [],
    );
    expect(logs).toEqual(["a 1", "[warn] careful", "[error] bad"]);
    const failed = await executor.execute("async () => { console.log('before'); throw new Error('x'); }", []);
    expect(failed).toEqual({ result: undefined, error: "x", logs: ["before"] });
  });

  it("has no network", async () => {
    const { result, error } = await executor.execute(
      "async () => { try { await fetch('http://127.0.0.1:1/'); return 'reached'; } catch { return 'blocked'; } }",
      [],
    );
    expect([result, error]).toEqual(["blocked", undefined]);
  });

  it("leaves nothing of one execution to the next", async () => {
    await executor.execute("async () => { globalThis.left = 1; Array.prototype.left = 1; }", []);
    const { result } = await executor.execute("async () => [typeof left, [].left === undefined]", []);
    expect(result).toEqual(["undefined", true]);
  });

  it("runs many at once, each with its own functions", async () => {
    const all = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        executor.execute("async () => codemode.mine()", [provider({ mine: async () => n })]),
      ),
    );
    expect(all.map(({ result }) => result)).toEqual([1, 2, 3, 4]);
  });

  it("waits for timers", async () => {
    const { result } = await executor.execute(
      "async () => { await new Promise((r) => setTimeout(r, 20)); return 'later'; }",
      [],
    );
    expect(result).toBe("later");
  });
});

it("answers with an error where there is no sandbox, and never throws", async () => {
  const executor = createExecutor({ engine: createQuickJsEngine() });
  await executor.close();
  const { error } = await executor.execute("async () => 1", []);
  expect(error).toBeTruthy();
});
