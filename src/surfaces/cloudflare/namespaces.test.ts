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

  describe("namespaces", () => {
    it.each([
      [[provider({}, "console")], 'Provider name "console" is reserved'],
      [[provider({}, "not-valid")], 'Provider name "not-valid" is not a valid JavaScript identifier'],
      [[provider({}, "a; evil()")], 'Provider name "a; evil()" is not a valid JavaScript identifier'],
      [[provider({}, "class")], 'Provider name "class" is not a valid JavaScript identifier'],
      [[provider({}, "__proto__")], 'Provider name "__proto__" is not a valid JavaScript identifier'],
      [[provider({}, "db"), provider({}, "db")], 'Duplicate provider name "db"'],
      [
        [provider({ "get-sum": async () => 1, get_sum: async () => 2 }, "db")],
        'Tool names "get-sum" and "get_sum" both sanitize to "get_sum" in provider "db"',
      ],
    ])("refuse %j", async (providers, error) => {
      expect(await executor.execute("async () => 1", providers)).toMatchObject({ result: undefined, error });
    });

    it("may be called tools", async () => {
      const { result, error } = await executor.execute("async () => tools.one()", [
        provider({ one: async () => 1 }, "tools"),
      ]);
      expect([result, error]).toEqual([1, undefined]);
    });

    it("take functions of a prelude, closures and all, before the host's", async () => {
      const { result } = await executor.execute(
        "async () => [await codemode.step('a', () => 41 + 1), await codemode.host()]",
        [
          {
            name: "codemode",
            fns: { host: async () => "host", note: async () => null, step: async () => "not this one" },
            prelude: "codemode.step = async (name, work) => { await codemode.note(name); return work(); };",
          },
        ],
      );
      expect(result).toEqual([42, "host"]);
    });

    it("take connectors, which get the first argument", async () => {
      const callTool = vi.fn(async (method: string, args: unknown) => ({ method, args }));
      const { result } = await executor.execute("async () => github.list_issues({ repo: 'a' }, 2)", [], {
        connectors: [{ name: "github", binding: { callTool } }],
      });
      expect(result).toEqual({ method: "list_issues", args: { repo: "a" } });
      const clash = await executor.execute("async () => 1", [provider({}, "github")], {
        connectors: [{ name: "github", binding: { callTool } }],
      });
      expect(clash.error).toBe('Duplicate name "github" (connector clashes with provider)');
    });
  });
});
