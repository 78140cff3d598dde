/** A tool's answer that is handed on as the result, as large as docs/configuration.md says that it may always be. */
import { expect, onTestFinished, test } from "vitest";
import {
  createCodemode,
  createFunctionsSource,
  createQuickJsEngine,
  createWorkerdEngine,
} from "../../src/index.ts";

const bytes = 9 * 2 ** 20;
const input = { type: "object", properties: {} } as const;

test.each([
  ["workerd", createWorkerdEngine],
  ["quickjs", createQuickJsEngine],
])(
  "%s returns what takes 9 MiB within the default memory",
  async (_name, createEngine) => {
    const codemode = createCodemode({
      sources: [
        createFunctionsSource("data", {
          large: { effect: "read", input, run: () => "x".repeat(bytes - 100) },
        }),
      ],
      engine: createEngine({ most: 1, prewarm: 1 }),
      policy: "allow-all",
    });
    onTestFinished(() => codemode.close());
    const { document } = await codemode.execute({ code: "return await tools.data.large({})" });
    expect([document.status, document.error?.code]).toEqual(["completed", undefined]);
    expect(document.result).toHaveLength(bytes - 100);
  },
  60_000,
);
