import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runProgram, type RunProgramOptions } from "../../../test/fixtures/run-program.ts";
import { createWorkerdEngine } from "./create-workerd-engine.ts";

const engine = createWorkerdEngine();
beforeAll(async () => void (await engine.ready()));
afterAll(() => engine[Symbol.asyncDispose]());

const run = (code: string, options?: RunProgramOptions) => runProgram(engine, code, options);

describe("console", () => {
  test("has levels and shows values compactly", async () => {
    const { logs } = await run(
      `console.log("plain", 1, { a: [1, "two", null], m: new Map([["k", new Set([1])]]) });
       console.warn("%s is %d%%", "x", 5, "rest");
       const cycle = { name: "c" }; cycle.self = cycle;
       console.error(cycle, { get secret() { throw new Error("no"); } });
       console.debug(new Date(0), /x/g, () => 1, Promise.resolve(1), new Uint8Array(3), 5n, Symbol("s"), -0);
       console.info(Array.from({ length: 1000 }, (_, i) => i));
       console.group("g"); console.log("in"); console.groupEnd();
       console.log(new Proxy({}, { ownKeys() { throw new Error("trap"); } }));
       console.log(new TypeError("bad"));`,
    );
    expect(logs).toEqual([
      { level: "log", text: 'plain 1 { a: [1, "two", null], m: Map {"k" => Set {1}} }' },
      { level: "warn", text: "x is 5% rest" },
      { level: "error", text: '{ name: "c", self: [Circular] } { secret: [Getter] }' },
      {
        level: "debug",
        text: "1970-01-01T00:00:00.000Z /x/g [Function] [Promise: await it to see its value] [Uint8Array of 3 bytes] 5n Symbol(s) -0",
      },
      { level: "info", text: expect.stringMatching(/^\[0, 1, .* 99, … 900 more\]$/) },
      { level: "log", text: "g" },
      { level: "log", text: "  in" },
      { level: "log", text: "[Unreadable]" },
      { level: "log", text: expect.stringMatching(/^TypeError: bad\n\s+at .*snippet\.js:9:/) },
    ]);
  });

  test("keeps what was logged before the snippet was stopped", async () => {
    const { outcome, logs } = await run('console.log("before"); await tools.a.b(); for (;;);', {
      limits: { wallMs: 300 },
    });
    expect(outcome).toMatchObject({ error: { code: "wall_limit" } });
    expect(logs).toEqual([{ level: "log", text: "before" }]);
  });

  test("records a rejection that nobody handles, and goes on", async () => {
    const { outcome, logs } = await run(
      `Promise.reject(new Error("lost"));
       setTimeout(() => { throw new Error("thrown in a timer"); }, 0);
       await new Promise((resolve) => setTimeout(resolve, 5));
       return "fine";`,
    );
    expect(outcome).toEqual({ status: "completed", value: "fine" });
    expect(logs).toMatchObject([
      { level: "error", text: expect.stringContaining("Unhandled rejection: Error: lost") },
      { level: "error", text: expect.stringContaining("Uncaught Error: thrown in a timer") },
    ]);
  });
});
