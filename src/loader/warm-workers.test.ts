import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { loaderEngines } from "../../test/fixtures/loader/loader-engines.ts";
import { createWorkerdEngine } from "../sandbox/workerd/create-workerd-engine.ts";
import { createLoader, type WorkerCode, type WorkerStub } from "./create-loader.ts";

const counter: WorkerCode = {
  mainModule: "main.js",
  modules: {
    "main.js":
      "let n = 0; export default { next: () => ++n, spin() { for (;;) {} }, wait: (ms) => new Promise((r) => setTimeout(r, ms)) };",
  },
  limits: { cpuMs: 300 },
};

interface Counter {
  next(): number;
  spin(): void;
  wait(ms: number): void;
}

const next = (stub: WorkerStub): Promise<number> => stub.getEntrypoint<Counter>().next();

describe.each(loaderEngines)("a warm worker on $name", ({ engine }) => {
  it("is the same for each call of its id, from wherever, until it is disposed", async () => {
    await using loader = createLoader({ engine: engine() });
    const getCode = vi.fn(async () => counter);
    const both = await Promise.all([next(loader.get("a", getCode)), next(loader.get("a", getCode))]);
    expect(both.toSorted()).toEqual([1, 2]);
    expect(getCode).toHaveBeenCalledOnce();
    expect(await next(loader.get("b", getCode))).toBe(1);
    const stub = loader.get("a", getCode);
    expect(await next(stub)).toBe(3);
    await stub[Symbol.asyncDispose]();
    expect(await next(stub)).toBe(1);
    expect(getCode).toHaveBeenCalledTimes(3);
  });

  it("is a fresh one after it broke a limit", async () => {
    await using loader = createLoader({ engine: engine() });
    const stub = loader.get("a", () => counter);
    expect([await next(stub), await next(stub)]).toEqual([1, 2]);
    await expect(stub.getEntrypoint<Counter>().spin()).rejects.toMatchObject({ code: "cpu_limit" });
    expect(await next(stub)).toBe(1);
  });

  it.each(["__proto__", "constructor", "", "a\u0000b"])("may have the id %j", async (id) => {
    await using loader = createLoader({ engine: engine() });
    expect(await next(loader.get(id, () => counter))).toBe(1);
    expect(await next(loader.get(id, () => counter))).toBe(2);
  });
});

describe("warm workers", () => {
  it("end when they were idle for long enough, and not while they are called", async () => {
    await using loader = createLoader({ engine: createWorkerdEngine(), idleMs: 400 });
    const stub = loader.get("a", () => counter);
    expect(await next(stub)).toBe(1);
    await stub.getEntrypoint<Counter>().wait(900);
    expect(await next(stub)).toBe(2);
    await vi.waitFor(
      async () => {
        await delay(1_000);
        expect(await next(stub)).toBe(1);
      },
      { timeout: 20_000 },
    );
  });

  it("are so many at once: the one not used for longest makes room, and none that is at work", async () => {
    await using loader = createLoader({ engine: createWorkerdEngine(), mostWarm: 2 });
    const [a, b, c] = ["a", "b", "c"].map((id) => loader.get(id, () => counter)) as [
      WorkerStub,
      WorkerStub,
      WorkerStub,
    ];
    expect([await next(a), await next(b), await next(a)]).toEqual([1, 1, 2]);
    expect(await next(c)).toBe(1);
    expect(await next(a)).toBe(3);
    expect(await next(b)).toBe(1);
    const working = [a, b].map((stub) => stub.getEntrypoint<Counter>().wait(1_500));
    await expect(next(c)).rejects.toMatchObject({ code: "sandbox_busy" });
    await Promise.all(working);
    expect(await next(c)).toBe(1);
  });

  it("are not kept when their code could not be had", async () => {
    await using loader = createLoader({ engine: createWorkerdEngine() });
    const getCode = vi.fn<() => WorkerCode>(() => {
      throw new Error("no code");
    });
    await expect(next(loader.get("a", getCode))).rejects.toThrow("no code");
    getCode.mockImplementation(() => counter);
    expect(await next(loader.get("a", getCode))).toBe(1);
  });
});
