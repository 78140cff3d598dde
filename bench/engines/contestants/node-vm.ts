/** `node:vm` bare: no sandbox, as its own documentation says; the floor of what a fresh context costs. */
import { createContext, runInContext } from "node:vm";
import { wait, type Contestant } from "../contestant.ts";

export const nodeVm: Contestant = {
  name: "node:vm, bare",
  async open({ timeoutMs }) {
    return {
      run: async (body) =>
        (await runInContext(
          `(async () => { ${body} })()`,
          createContext({ echo: async (v: unknown) => v, wait }),
          { timeout: timeoutMs },
        )) as unknown,
      async [Symbol.asyncDispose]() {},
    };
  },
};
