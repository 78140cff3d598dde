/**
 * `@cloudflare/codemode` itself on an engine: its types take our executor, and its own `createCodeTool` runs on it.
 */
import type {
  ConnectorBinding as TheirConnector,
  Executor as TheirExecutor,
  ResolvedProvider as TheirProvider,
  ToolProvider as TheirToolProvider,
} from "@cloudflare/codemode";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { createCodeTool } from "../ai-sdk/codemode.ts";
import type {
  ConnectorBinding,
  EngineExecutor,
  Executor,
  ResolvedProvider,
  ToolProvider,
} from "./create-executor.ts";

const fixtures = join(import.meta.dirname, "../../../test/fixtures");
const run = promisify(execFile);

describe("the types", () => {
  it("take our executors where theirs go, and theirs where ours go", () => {
    expectTypeOf<EngineExecutor>().toExtend<TheirExecutor>();
    expectTypeOf<TheirExecutor>().toExtend<Executor>();
    expectTypeOf<TheirExecutor>().toExtend<Parameters<typeof createCodeTool>[0]["executor"]>();
  });

  it("take their providers and connectors", () => {
    expectTypeOf<TheirProvider>().toExtend<ResolvedProvider>();
    expectTypeOf<TheirToolProvider>().toExtend<ToolProvider>();
    expectTypeOf<TheirConnector>().toExtend<ConnectorBinding>();
  });
});

describe("their package in Node", () => {
  it.each(["workerd", "quickjs"])("runs its own createCodeTool on %s", async (engine) => {
    const { stdout } = await run(
      process.execPath,
      [
        "--no-warnings",
        "--import",
        join(fixtures, "without-workers.mjs"),
        join(fixtures, "cloudflare-interchange.ts"),
        engine,
      ],
      { timeout: 60_000 },
    );
    expect(JSON.parse(stdout)).toEqual({
      described: true,
      weather: { result: { city: "London", warm: true }, logs: ["asked"] },
      invalid: expect.stringMatching(/^Code execution failed: .*location/s),
      thrown: "Code execution failed: boom\n\nConsole output:\nbefore",
      provider: { result: ["/a", 2] },
      sum: { result: 3 },
    });
  });
});
