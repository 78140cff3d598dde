import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { majors } from "../../../test/fixtures/ai-sdk-majors.ts";
import { createQuickJsEngine } from "../../index.ts";
import type { AiTools } from "./ai-tool.ts";
import { codemode, type ToolEntry } from "./codemode.ts";

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
});

function wrap(tools: { readonly [name: string]: ToolEntry }) {
  const wrapped = codemode({ tools, check: "off", engine: createQuickJsEngine() });
  opened.push(wrapped);
  return wrapped;
}

const run = async (tools: { readonly [name: string]: ToolEntry }, code: string) =>
  (await wrap(tools).codemode.execute({ code })).document;

describe("names", () => {
  it("that become the same identifier call each the right tool", async () => {
    const wrapped = wrap({
      "get-sum": { execute: async () => "dash" },
      get_sum: { execute: async () => "underscore" },
      "get.sum": { execute: async () => "dot" },
    });
    const { tools } = await wrapped.codemode.catalog({ fresh: true });
    expect(tools.size).toBe(3);
    const paths = [...tools.keys()];
    const { document } = await wrapped.codemode.execute({
      code: `return [${paths.map((path) => `await tools.${path}({})`).join(", ")}]`,
    });
    expect((document.result as string[]).toSorted()).toEqual(["dash", "dot", "underscore"]);
    for (const [at, path] of paths.entries()) {
      const name = tools.get(path)?.upstreamName;
      const expected = { "get-sum": "dash", get_sum: "underscore", "get.sum": "dot" }[name ?? ""];
      expect((document.result as string[])[at]).toBe(expected);
    }
  });

  it("of sources that cannot be told apart are refused", () => {
    const group = { a: { execute: async () => 1 } };
    expect(() => wrap({ "my-db": group, my_db: group })).toThrow(
      expect.objectContaining({ code: "config_invalid" }),
    );
    expect(() => wrap({ app: group, own: { execute: async () => 1 } })).toThrow(
      expect.objectContaining({ code: "config_invalid" }),
    );
  });

  it("of prototypes are names like any other, and nothing is found on a prototype", async () => {
    const named = Object.fromEntries(
      ["__proto__", "constructor", "toString", "hasOwnProperty", "then", "toJSON", "valueOf"].map((name) => [
        name,
        { execute: async () => `own ${name}` },
      ]),
    ) as { readonly [name: string]: ToolEntry };
    const wrapped = wrap(named);
    const { tools } = await wrapped.codemode.catalog({ fresh: true });
    expect(tools.size).toBe(7);
    for (const { path, upstreamName } of tools.values()) {
      const { document } = await wrapped.codemode.execute({ code: `return await tools.${path}({})` });
      expect(document.result).toBe(`own ${upstreamName}`);
    }
    for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
      const document = await run(
        { one: { execute: async () => 1 } },
        `return await tools.app["${name}"]({})`,
      );
      expect(document.error?.code).toBe("tool_not_found");
    }
    expect(({} as { readonly execute?: unknown }).execute).toBeUndefined();
  });

  it("are no way round an approval", async () => {
    const sent = vi.fn<() => Promise<number>>(async () => 1);
    for (const name of ["constructor", "__proto__", "pay.now", "pay-now", "1st"]) {
      const tools = Object.fromEntries([[name, { needsApproval: true, execute: sent }]]) as AiTools;
      for (const entries of [tools as { readonly [name: string]: ToolEntry }, { "my-bank": tools }]) {
        const wrapped = wrap(entries);
        const [path] = (await wrapped.codemode.catalog({ fresh: true })).tools.keys();
        const { document } = await wrapped.codemode.execute({ code: `return await tools.${path}({})` });
        expect([name, document.status]).toEqual([name, "paused"]);
      }
    }
    expect(sent).not.toHaveBeenCalled();
  }, 120_000);
});

describe.each(majors)("what a tool keeps secret, in $name", ({ loop }) => {
  it("reaches neither the model, nor the application's screen, nor the record", async () => {
    const secret = Object.assign(new Error("the payment was refused"), {
      apiKey: "sk-canary",
      config: { headers: { authorization: "Bearer sk-canary" } },
      cause: new Error("sk-canary"),
      toJSON: () => ({ key: "sk-canary" }),
    });
    secret.stack = "Error: sk-canary\n    at bank.ts:1:1";
    const wrapped = wrap({
      thrown: {
        execute: () => {
          throw secret;
        },
      },
      rejected: { execute: () => Promise.reject(secret) },
      answered: {
        execute: async () => ({ error: Object.assign(new Error("inner"), { apiKey: "sk-canary" }) }),
      },
    });
    const seen: unknown[] = [];
    const answer = await loop({
      tools: wrapped.tools,
      messages: [{ role: "user", content: "pay" }],
      script: [
        () => ({
          call: "execute",
          input: {
            code: `const said = [];
for (const name of ["thrown", "rejected"]) {
  try { await tools.app[name]({}); } catch (e) {
    console.log(e, e.stack, e.data, String(e.cause), JSON.stringify(e));
    said.push(e.message, ...Object.getOwnPropertyNames(e).map((key) => String(e[key])));
  }
}
said.push(JSON.stringify(await tools.app.answered({})));
await tools.app.thrown({});`,
          },
        }),
        (prompt) => ({ say: prompt.includes("the payment was refused") ? "refused" : prompt }),
      ],
      onPart: (part) => seen.push(part),
    });
    expect(answer.text).toBe("refused");
    const [latest] = await wrapped.codemode.runs();
    const document = await wrapped.codemode.show({ runId: latest?.runId ?? "" });
    expect(document.error?.code).toBe("tool_failed");
    expect(JSON.stringify([seen, answer.sent, answer.messages, document])).not.toContain("canary");
  });
});

describe("answers of a tool", () => {
  it("that cannot cross fail the call, and the host goes on", async () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    const getter = Object.defineProperty({}, "x", {
      enumerable: true,
      get: () => {
        throw new Error("a getter");
      },
    });
    const tools = {
      cycle: { execute: async () => cycle },
      deep: { execute: async () => deep },
      getter: { execute: async () => getter },
      proto: { execute: async () => JSON.parse(`{"__proto__":{"polluted":true}}`) as unknown },
      fine: { inputSchema: z.object({}), execute: async () => "fine" },
    };
    for (const name of ["cycle", "deep", "getter"]) {
      const document = await run(tools, `return await tools.app.${name}({})`);
      expect([name, document.status]).toEqual([name, "failed"]);
    }
    const document = await run(
      tools,
      `const a = await tools.app.proto({}); return [a.polluted, Object.keys(a), await tools.app.fine({})]`,
    );
    expect(document.result).toEqual([null, ["__proto__"], "fine"]);
    expect(({} as { readonly polluted?: unknown }).polluted).toBeUndefined();
  });
});
