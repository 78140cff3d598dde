/**
 * The types against both majors of the AI SDK: what `codemode` returns goes where the tools that it was given went.
 */
import * as ai7 from "ai";
import * as ai6 from "ai-6";
import { describe, expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import { codemode, type CodeTool, type ExecuteTool, type SearchTool } from "./codemode.ts";

describe("the tools' types", () => {
  it("fit the ToolSet of both majors", () => {
    expectTypeOf<{ execute: ExecuteTool; search: SearchTool; codemode: CodeTool }>().toExtend<ai7.ToolSet>();
    expectTypeOf<{ execute: ExecuteTool; search: SearchTool; codemode: CodeTool }>().toExtend<ai6.ToolSet>();
  });

  it("say what goes in and comes out", () => {
    expectTypeOf<ai7.InferToolInput<ExecuteTool>>().toEqualTypeOf<{
      code?: string | undefined;
      resume?: string | undefined;
      dryRun?: boolean | undefined;
    }>();
    expectTypeOf<ai7.InferToolOutput<SearchTool>>().toEqualTypeOf<string>();
    expectTypeOf<ai6.InferToolOutput<CodeTool>>().toEqualTypeOf<{ result: unknown; logs?: string[] }>();
    expectTypeOf<ai7.InferToolOutput<ExecuteTool>["kind"]>().toEqualTypeOf<"progress" | "run" | "refused">();
  });

  it("go where the tools went, and keep those without execute", async () => {
    await using seven = codemode({
      system: "Be brief.",
      tools: {
        getWeather: ai7.tool({
          inputSchema: z.object({ city: z.string() }),
          execute: async ({ city }) => city,
        }),
        ask: ai7.tool({ inputSchema: z.object({ question: z.string() }) }),
        github: { url: "https://example.com/mcp" },
        pets: { spec: "./pets.json" },
      },
    });
    // The SDK's own type of a tool without execute does not fit its ToolSet under `exactOptionalPropertyTypes`.
    const { ask, ...tools } = seven.tools;
    const call = () =>
      ai7.streamText({ model: "never/called", system: seven.system, tools, prompt: "Hello" });
    expectTypeOf<Awaited<ReturnType<typeof call>["toolCalls"]>[number]["toolName"]>().toExtend<string>();
    expectTypeOf(ask).toHaveProperty("inputSchema");
    expectTypeOf(seven.tools).toHaveProperty("ask");
    expectTypeOf(seven.tools).not.toHaveProperty("getWeather");
    expectTypeOf(seven.tools).not.toHaveProperty("github");
    await using six = codemode({
      tools: {
        getWeather: ai6.tool({
          inputSchema: z.object({ city: z.string() }),
          execute: async ({ city }) => city,
        }),
      },
    });
    const callSix = () =>
      ai6.streamText({ model: "never/called", system: six.system, tools: six.tools, prompt: "Hello" });
    expect([typeof call, typeof callSix]).toEqual(["function", "function"]);
  });

  it("ask major 7 for the context that the principal is read from", async () => {
    await using wrapped = codemode({
      tools: { one: { execute: async () => 1 } },
      principal: (context: { user: string }) => context.user,
    });
    const settings = { model: "never/called", tools: wrapped.tools, prompt: "Hello" };
    const toolsContext = { execute: { user: "ann" }, search: { user: "ann" } };
    const call = () => ai7.streamText({ ...settings, toolsContext });
    // @ts-expect-error -- without a user nothing is anybody's
    const without = () => ai7.streamText({ ...settings, toolsContext: { execute: {}, search: {} } });
    const six = () => ai6.streamText({ ...settings, experimental_context: { user: "ann" } });
    expect([typeof call, typeof without, typeof six]).toEqual(["function", "function", "function"]);
  });

  it("refuse what is no tool", () => {
    // @ts-expect-error -- a number is nothing that tools can be made of
    expect(() => codemode({ tools: { wrong: 3 } })).toThrow(/tools\.wrong/);
  });
});
