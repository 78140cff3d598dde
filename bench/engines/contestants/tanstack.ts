/** TanStack's isolate drivers as their READMEs use them: a context per run, disposed after it. */
import type { IsolateDriver } from "@tanstack/ai-code-mode";
import { wait, type Contestant } from "../contestant.ts";

const drivers = {
  "@tanstack/ai-isolate-node": async () =>
    (await import("@tanstack/ai-isolate-node")).createNodeIsolateDriver(),
  "@tanstack/ai-isolate-quickjs": async () =>
    (await import("@tanstack/ai-isolate-quickjs")).createQuickJSIsolateDriver(),
} satisfies { readonly [name: string]: () => Promise<IsolateDriver> };

const binding = (name: string, execute: (args: { v: unknown }) => Promise<unknown>) => ({
  name,
  description: name,
  inputSchema: { type: "object", properties: { v: {} } },
  execute: (args: unknown) => execute(args as { v: unknown }),
});

const bindings = {
  echoTool: binding("echoTool", async ({ v }) => v),
  waitTool: binding("waitTool", ({ v }) => wait(Number(v))),
};

const prelude = "const echo = (v) => echoTool({ v }), wait = (ms) => waitTool({ v: ms });";

export function createTanstack(name: keyof typeof drivers): Contestant {
  return {
    name,
    async open({ timeoutMs }) {
      const driver = await drivers[name]();
      return {
        async run(body) {
          const context = await driver.createContext({ bindings, timeout: timeoutMs });
          try {
            const { success, value, error } = await context.execute(`${prelude} ${body}`);
            if (!success) throw new Error(error?.message ?? "failed");
            return value;
          } finally {
            await context.dispose();
          }
        },
        async [Symbol.asyncDispose]() {},
      };
    },
  };
}
