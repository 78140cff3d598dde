import { describe, expect, it } from "vitest";
import { createAdmission } from "./admit-run.ts";
import { HeldArguments, mostAskedChars } from "./held-arguments.ts";
import { createHostMemory } from "./host-memory.ts";

describe("the budget over all runs", () => {
  it("has room up to it and not at it", () => {
    const memory = createHostMemory(100);
    const share = memory.share();
    share.take(99);
    expect([memory.hasRoom(), share.hasRoom()]).toEqual([true, true]);
    share.take(1);
    expect([memory.hasRoom(), share.hasRoom()]).toEqual([false, false]);
    share.give(1);
    expect(memory.hasRoom()).toBe(true);
  });

  it("lets one that has nothing under way go beyond it, and only one", () => {
    const memory = createHostMemory(100);
    const [full, first, second] = [memory.share(), memory.share(), memory.share()];
    full.take(100);
    expect(full.hasRoom()).toBe(false);
    expect(first.hasRoom()).toBe(true);
    first.take(50);
    expect([first.hasRoom(), second.hasRoom()]).toEqual([false, false]);
    first.give(50);
    expect(second.hasRoom()).toBe(true);
  });

  it("is given back whole when a run ends, and tells who waits", () => {
    const memory = createHostMemory(100);
    const share = memory.share();
    let told = 0;
    using _watching = memory.onRoom(() => (told += 1));
    share.take(70);
    share[Symbol.dispose]();
    expect([memory.used, told > 0]).toEqual([0, true]);
    share.give(70);
    expect(memory.used).toBe(0);
  });
});

describe("a run that comes when the host is full", () => {
  it("waits until something is let go", async () => {
    const memory = createHostMemory(10);
    const share = memory.share();
    share.take(10);
    const admitted = createAdmission(memory).admit(["local"], undefined);
    expect(await Promise.race([admitted, new Promise((r) => setTimeout(r, 20, "waits"))])).toBe("waits");
    share.give(10);
    await admitted;
  });

  it("is refused when nothing is, with what is held", async () => {
    const memory = createHostMemory(10);
    memory.share().take(10);
    await expect(createAdmission(memory, { waitMs: 10 }).admit(["local"], undefined)).rejects.toMatchObject({
      code: "host_busy",
      hint: expect.stringContaining("--max-old-space-size"),
    });
    const admission = createAdmission(memory, { waiting: 1, waitMs: 200 });
    const first = admission.admit(["local"], undefined);
    await expect(admission.admit(["local"], undefined)).rejects.toMatchObject({ code: "host_busy" });
    await expect(first).rejects.toMatchObject({ code: "host_busy" });
  });
});

it.each([
  [mostAskedChars, false],
  [mostAskedChars + 1, true],
])("questions may hold %i characters: refused %s", (chars, refused) => {
  const held = new HeldArguments();
  held.issued(1, "x".repeat(chars - 10));
  held.issued(2, "x".repeat(10));
  held.asked(1);
  const ask = (): void => held.asked(2);
  if (refused) expect(ask).toThrow(expect.objectContaining({ code: "questions_too_large" }));
  else expect(ask).not.toThrow();
});
