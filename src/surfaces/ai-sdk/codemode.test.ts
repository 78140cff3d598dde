import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { majors } from "../../../test/fixtures/ai-sdk-majors.ts";
import { createFunctionsSource, createQuickJsEngine } from "../../index.ts";
import { codemode, type ExecuteOutput } from "./codemode.ts";

const user = (content: string) => ({ role: "user", content });
const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
});

function open<T extends AsyncDisposable>(wrapped: T): T {
  opened.push(wrapped);
  return wrapped;
}

describe.each(majors)("$name", ({ tool, jsonSchema, loop }) => {
  const weather = () => ({
    getWeather: tool({
      description: "The weather of a city",
      inputSchema: z.object({ city: z.string() }),
      outputSchema: z.object({ city: z.string(), degrees: z.number() }),
      execute: async ({ city }) => ({ city, degrees: city.length }),
    }),
    sendMail: tool({
      description: "Sends a mail",
      inputSchema: jsonSchema<{ to: string }>({
        type: "object",
        properties: { to: { type: "string" } },
        required: ["to"],
      }),
      execute: async ({ to }) => `sent to ${to}`,
    }),
  });

  it("gives a small set one tool with every signature, at once", async () => {
    const { system, tools } = open(
      codemode({ system: "Be brief.", tools: weather(), engine: createQuickJsEngine() }),
    );
    expect(Object.keys(tools)).toEqual(["execute"]);
    expect(system).toMatch(/^Be brief\.\n\nTools are called from programs/);
    const answer = await loop({
      system,
      tools,
      messages: [user("Mail me the weather")],
      script: [
        () => ({
          call: "execute",
          input: {
            code: `const all = await Promise.all(["Rome", "Berlin"].map((city) => tools.app.getWeather({ city })));
const warmest = all.sort((a, b) => b.degrees - a.degrees)[0];
return await tools.app.sendMail({ to: warmest.city });`,
          },
        }),
        (prompt) => ({ say: prompt.includes("sent to Berlin") ? "It is sent." : prompt }),
      ],
    });
    expect(answer.text).toBe("It is sent.");
    const [definition] = answer.sent[0]?.tools ?? [];
    expect(definition?.name).toBe("execute");
    expect(definition?.description).toContain(
      "tools.app.getWeather: (args: { city: string }) => Promise<{ city: string; degrees: number }>",
    );
    expect(definition?.inputSchema).toMatchObject({ properties: { code: { type: "string" } } });
  });

  it("searches past a size, then executes, then answers", async () => {
    const { system, tools } = open(
      codemode({ tools: weather(), inlineTokens: 0, engine: createQuickJsEngine() }),
    );
    expect(Object.keys(tools).sort()).toEqual(["execute", "search"]);
    const answer = await loop({
      system,
      tools,
      messages: [user("How warm is Rome?")],
      script: [
        () => ({ call: "search", input: { query: "weather of a city", limit: "3" } }),
        (prompt) => ({
          call: "execute",
          input: {
            code: prompt.includes("app.getWeather")
              ? `return (await tools.app.getWeather({ city: "Rome" })).degrees`
              : "not found",
          },
        }),
        (prompt) => ({ say: prompt.includes('"value":"4\\n') ? "4 degrees" : prompt }),
      ],
    });
    expect(answer.text).toBe("4 degrees");
    expect(answer.sent).toHaveLength(3);
    // What the model is told of the tools is the same in every step.
    expect(new Set(answer.sent.map(({ tools: shown }) => JSON.stringify(shown))).size).toBe(1);
  });

  it("tells a mistake so that the next step can be right", async () => {
    const { tools } = open(codemode({ tools: weather() }));
    const answer = await loop({
      tools,
      messages: [user("How warm is Rome?")],
      script: [
        () => ({ call: "execute", input: { code: "return await tools.app.getWheather({})" } }),
        (prompt) => ({
          call: "execute",
          input: {
            code: prompt.includes("Did you mean tools.app.getWeather")
              ? `return await tools.app.getWeather({ town: "Rome" })`
              : "no hint",
          },
        }),
        (prompt) => ({
          call: "execute",
          input: {
            code:
              prompt.includes("snippet_type") && prompt.includes("city")
                ? `return await tools.app.getWeather({ city: "Rome" })`
                : "no hint",
          },
        }),
        (prompt) => ({ say: prompt.includes("degrees") ? "done" : prompt }),
      ],
    });
    expect(answer.text).toBe("done");
    expect(answer.sent).toHaveLength(4);
  });

  it("tells a call that fits nothing how the tool is called", async () => {
    const { tools } = open(codemode({ tools: weather(), engine: createQuickJsEngine() }));
    const answer = await loop({
      tools,
      messages: [user("?")],
      script: [
        () => ({ call: "execute", input: { query: "weather" } }),
        (prompt) => ({
          say: prompt.includes("execute takes either { code: string }") ? "understood" : prompt,
        }),
      ],
    });
    expect(answer.text).toBe("understood");
  });

  it("streams how the run goes on, then how it ended", async () => {
    const slow = createFunctionsSource("slow", {
      step: {
        effect: "read",
        input: { type: "object", properties: { n: { type: "number" } }, required: ["n"] },
        run: async ({ n }, { onProgress }) => {
          onProgress?.({ done: n, total: 3, message: `step ${n}` });
          await new Promise((resolve) => setTimeout(resolve, 250));
          return n;
        },
      },
    });
    const { tools } = open(codemode({ tools: { slow }, engine: createQuickJsEngine() }));
    const outputs: { readonly preliminary: boolean; readonly output: ExecuteOutput }[] = [];
    const answer = await loop({
      tools,
      messages: [user("go")],
      script: [
        () => ({
          call: "execute",
          input: {
            code: `console.log("begun"); let sum = 0; for (const n of [1, 2, 3]) sum += await tools.slow.step({ n }); return sum;`,
          },
        }),
        (prompt) => ({ say: prompt.includes('"value":"6') ? "six" : prompt }),
      ],
      onPart: (part) => {
        if (part.type === "tool-result")
          outputs.push({
            preliminary: part["preliminary"] === true,
            output: part["output"] as ExecuteOutput,
          });
      },
    });
    expect(answer.text).toBe("six");
    const before = outputs.filter(({ preliminary }) => preliminary).map(({ output }) => output);
    expect(before.length).toBeGreaterThanOrEqual(3);
    expect(before.some((output) => output.kind === "progress" && output.logs.includes("begun"))).toBe(true);
    expect(
      before.some(
        (output) => output.kind === "progress" && output.calls.some(({ message }) => message === "step 2"),
      ),
    ).toBe(true);
    expect(outputs.at(-1)).toMatchObject({
      preliminary: false,
      output: { kind: "run", run: { status: "completed", result: 6 } },
    });
  });

  it("calls tools with what the SDK called execute with", async () => {
    const execute = vi.fn<(args: unknown, options: unknown) => string>(() => "seen");
    const { tools } = open(codemode({ tools: { look: { execute } }, engine: createQuickJsEngine() }));
    await loop({
      tools,
      messages: [user("look here")],
      context: { user: "ann" },
      script: [() => ({ call: "execute", input: { code: "return await tools.app.look({ a: 1 })" } })],
    });
    const [args, options] = execute.mock.calls[0] ?? [];
    expect(args).toEqual({ a: 1 });
    expect(options).toMatchObject({
      toolCallId: expect.stringMatching(/^call_[-0-9a-f]+:1$/),
      messages: [{ role: "user", content: "look here" }],
      abortSignal: expect.any(AbortSignal),
    });
    const { context, experimental_context } = options as { [name: string]: unknown };
    expect(context ?? experimental_context).toEqual({ user: "ann" });
  });

  it("keeps large answers out of the model and of the messages", async () => {
    const { tools } = open(codemode({ tools: weather(), engine: createQuickJsEngine() }));
    const answer = await loop({
      tools,
      messages: [user("much")],
      script: [
        () => ({
          call: "execute",
          input: { code: `return Array.from({ length: 200_000 }, (_, i) => "row " + i)` },
        }),
        () => ({ say: "done" }),
      ],
    });
    expect(answer.text).toBe("done");
    expect(answer.sent[1]?.prompt.length).toBeLessThan(60_000);
    expect(JSON.stringify(answer.messages).length).toBeLessThan(120_000);
  });

  it("cancels the run and the tool under way when it is aborted", async () => {
    const begun = Promise.withResolvers<AbortSignal | undefined>();
    const wait = tool({
      inputSchema: z.object({}),
      execute: async (_, { abortSignal }) => {
        begun.resolve(abortSignal);
        await new Promise((_resolve, reject) =>
          abortSignal?.addEventListener("abort", () => reject(new Error("aborted"))),
        );
      },
    });
    const wrapped = open(codemode({ tools: { wait }, engine: createQuickJsEngine() }));
    const controller = new AbortController();
    const looping = loop({
      tools: wrapped.tools,
      messages: [user("go")],
      abortSignal: controller.signal,
      script: [() => ({ call: "execute", input: { code: "await tools.app.wait({})" } })],
    }).catch((error: unknown) => error);
    const signal = await begun.promise;
    controller.abort();
    await looping;
    expect(signal?.aborted).toBe(true);
    await expect
      .poll(async () => (await wrapped.codemode.runs()).map(({ status }) => status), { timeout: 10_000 })
      .toEqual(["cancelled"]);
  });
});
