import { afterAll, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { majors } from "../../../test/fixtures/ai-sdk-majors.ts";
import { builtinNames, createQuickJsEngine, createWorkerdEngine } from "../../index.ts";
import { createExecutor, type Executor } from "../cloudflare/create-executor.ts";
import { createCodeTool } from "./codemode.ts";

const quickjs = createExecutor({ engine: createQuickJsEngine() });
const executors = [
  { engine: "workerd", executor: createExecutor({ engine: createWorkerdEngine() }) },
  { engine: "quickjs", executor: quickjs },
];
afterAll(async () => {
  for (const { executor } of executors) await executor.close();
});
const options = { toolCallId: "call_1", messages: [] };

describe.each(majors)("createCodeTool in $name", ({ tool, loop }) => {
  const getWeather = tool({
    description: "Get weather for a location",
    inputSchema: z.object({ location: z.string() }),
    outputSchema: z.object({ degrees: z.number() }),
    execute: async ({ location }) => ({ degrees: location.length }),
  });

  it.each(executors)("serves a loop on $engine, tools under codemode", async ({ executor }) => {
    const codemode = createCodeTool({ tools: { getWeather }, executor });
    const answer = await loop({
      tools: { codemode },
      messages: [{ role: "user", content: "How warm is London?" }],
      script: [
        () => ({
          call: "codemode",
          input: { code: `async () => (await codemode.getWeather({ location: "London" })).degrees * 10` },
        }),
        (prompt) => ({ say: prompt.includes("60") ? "60" : prompt }),
      ],
    });
    expect(answer.text).toBe("60");
    const [definition] = answer.sent[0]?.tools ?? [];
    expect(definition?.description).toContain("declare const codemode: {");
    expect(definition?.description).toContain("/** Get weather for a location */");
    expect(definition?.description).toContain(
      "getWeather: (args: { location: string }) => Promise<{ degrees: number }>",
    );
  });

  it("refuses arguments by the tool's own schema, and says so", async () => {
    const codemode = createCodeTool({ tools: { getWeather }, executor: quickjs });
    await expect(
      codemode.execute({ code: "async () => codemode.getWeather({ location: 3 })" }, options),
    ).rejects.toThrow(/^Code execution failed: .*location/s);
  });

  it("leaves out tools that need approval, and those that nobody here executes", async () => {
    const never = vi.fn<() => Promise<number>>(async () => 1);
    const guarded = tool({ inputSchema: z.object({}), needsApproval: true, execute: never });
    const maybe = tool({ inputSchema: z.object({}), needsApproval: () => false, execute: never });
    const client = tool({ inputSchema: z.object({}) });
    const codemode = createCodeTool({
      tools: { getWeather, guarded, maybe, client },
      executor: quickjs,
    });
    for (const name of ["guarded", "maybe", "client"]) {
      expect(codemode.description).not.toContain(name);
      await expect(codemode.execute({ code: `async () => codemode.${name}({})` }, options)).rejects.toThrow(
        `Tool "${name}" not found`,
      );
    }
    expect(never).not.toHaveBeenCalled();
  });
});

describe("createCodeTool", () => {
  /** Answers with what it was given. */
  const mirror: Executor = { execute: async (code) => ({ result: code, logs: [] }) };

  it("gives executors of any kind one async arrow function of plain JavaScript", async () => {
    const codemode = createCodeTool({ tools: {}, executor: mirror });
    const { result } = await codemode.execute({ code: "```ts\nconst n: number = 1;\nn + 1\n```" }, options);
    expect(result).toMatch(/^async \(\) => \{/);
    expect(result).not.toContain("number");
  });

  it("takes providers under their names, with types of their own or made", () => {
    const codemode = createCodeTool({
      tools: [
        { tools: { analyze: { description: "Analyzes", execute: async () => 1 } } },
        { name: "db", tools: { query: { execute: async () => [] } }, types: "declare const db: Db;" },
      ],
      executor: mirror,
      description: "Do it with:\n{{types}}\n$& is no pattern.",
    });
    expect(codemode.description).toMatch(/^Do it with:\ndeclare const codemode: \{/);
    expect(codemode.description).toContain("declare const db: Db;");
    expect(codemode.description).toContain("$& is no pattern.");
  });

  it("passes what came by position to tools without a schema", async () => {
    const query = vi.fn<(...args: unknown[]) => Promise<number>>(async (...args) => args.length);
    const codemode = createCodeTool({
      tools: [{ name: "db", tools: { query: { execute: query } } }],
      executor: quickjs,
    });
    const { result } = await codemode.execute({ code: `async () => db.query("select 1", [2])` }, options);
    expect(result).toBe(2);
    expect(query).toHaveBeenCalledWith("select 1", [2]);
  });

  it("refuses a tool that is named like a built-in, under codemode only", () => {
    for (const name of builtinNames) {
      const tools = { [name]: { execute: async () => 1 } };
      expect(() => createCodeTool({ tools, executor: mirror })).toThrow(
        expect.objectContaining({
          code: "tool_definition_invalid",
          message: expect.stringContaining(`codemode.${name}`),
        }),
      );
      expect(() => createCodeTool({ tools: [{ name: "other", tools }], executor: mirror })).not.toThrow();
    }
  });

  it("knows the built-ins of snippets", () => {
    for (const name of ["search", "describe", "step", "run", "confirm", "input", "ask", "state", "propose"])
      expect([name, builtinNames.has(name)]).toEqual([name, true]);
    expect([...builtinNames].every((name) => /^\w+$/.test(name))).toBe(true);
  });

  it("refuses tools that could not be told apart, and what is no tool", () => {
    const one = { execute: async () => 1 };
    expect(() => createCodeTool({ tools: { "get-sum": one, get_sum: one }, executor: mirror })).toThrow(
      expect.objectContaining({ code: "tool_definition_invalid" }),
    );
    expect(() => createCodeTool({ tools: [{ name: "x", tools: { a: 1 } }], executor: mirror })).toThrow(
      expect.objectContaining({ code: "tool_definition_invalid" }),
    );
  });

  it("tells what the program threw and logged, and stops with the caller", async () => {
    const hang = { execute: () => new Promise(() => {}) };
    const codemode = createCodeTool({ tools: { hang }, executor: quickjs });
    await expect(
      codemode.execute({ code: `async () => { console.log("before"); throw new Error("boom"); }` }, options),
    ).rejects.toMatchObject({
      code: "snippet_threw",
      message: "Code execution failed: boom\n\nConsole output:\nbefore",
    });
    const abortSignal = AbortSignal.timeout(300);
    await expect(
      codemode.execute({ code: "async () => codemode.hang()" }, { ...options, abortSignal }),
    ).rejects.toThrow(/cancelled/);
  });
});
