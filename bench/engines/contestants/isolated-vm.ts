/** `isolated-vm` bare, as its README uses it: an isolate and a context per run, one reference per tool. */
import ivm from "isolated-vm-7";
import { wait, type Contestant } from "../contestant.ts";

const prelude = `
  const call = (ref, v) => ref.apply(undefined, [v], { arguments: { copy: true }, result: { promise: true, copy: true } });
  const echo = (v) => call($0, v), wait = (ms) => call($1, ms);`;

export const isolatedVm: Contestant = {
  name: "isolated-vm, bare",
  async open({ timeoutMs }) {
    return {
      async run(body) {
        const isolate = new ivm.Isolate({ memoryLimit: 128 });
        try {
          const context = await isolate.createContext();
          return await context.evalClosure(
            `${prelude} return (async () => { ${body} })()`,
            [new ivm.Reference(async (v: unknown) => v), new ivm.Reference((ms: number) => wait(ms))],
            { timeout: timeoutMs, result: { promise: true, copy: true } },
          );
        } finally {
          if (!isolate.isDisposed) isolate.dispose();
        }
      },
      async [Symbol.asyncDispose]() {},
    };
  },
};
