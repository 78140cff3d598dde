import { describe, expect, it } from "vitest";
import { startGuest } from "../../../test/fixtures/sandbox/start-guest.ts";
import { explainDeath } from "./explain-death.ts";

const exit = { code: null, signal: null, stderr: "" } as const;
const idle = { addedBytes: 0, memoryMb: 64 };
const near = { addedBytes: 60 * 2 ** 20, memoryMb: 64 };

describe("explainDeath", () => {
  it.each([
    {
      name: "a crash with room to spare",
      exit: { ...exit, signal: "SIGSEGV" },
      used: idle,
      code: "sandbox_died",
    },
    {
      name: "a crash near the limit",
      exit: { ...exit, signal: "SIGTRAP" },
      used: near,
      code: "memory_limit",
    },
    {
      name: "the system's killer near the limit",
      exit: { ...exit, signal: "SIGKILL" },
      used: near,
      code: "memory_limit",
    },
    { name: "an orderly exit near the limit", exit: { ...exit, code: 1 }, used: near, code: "sandbox_died" },
    {
      name: "a crash that says why",
      exit: { ...exit, signal: "SIGTRAP", stderr: "# Fatal JavaScript out of memory: Heap" },
      used: idle,
      code: "memory_limit",
    },
    {
      name: "words without a crash",
      exit: { ...exit, code: 1, stderr: "out of memory" },
      used: idle,
      code: "sandbox_died",
    },
  ] as const)("$name: $code", ({ exit, used, code }) => {
    expect(explainDeath(exit, used).code).toBe(code);
  });

  it("finds a real want of memory behind a real death", async () => {
    const guest = await startGuest(
      `const keep = []; say("ready"); await told(); for (;;) keep.push(Array.from({ length: 1e5 }, () => ({ a: {} })));`,
      { memory: { baselineMb: 640, budgetMb: 32 } },
    );
    await using sandbox = guest.sandbox;
    await guest.hear();
    await sandbox.seal();
    guest.tell("grow");
    expect(explainDeath(await sandbox.exited, idle)).toMatchObject({
      code: "memory_limit",
      message: expect.stringContaining("64 MB"),
    });
  });
});
