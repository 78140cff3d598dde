import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createAgenda } from "./agenda.ts";

describe("createAgenda", () => {
  it("calls each at its own pace until it has had enough", async () => {
    const agenda = createAgenda();
    const calls = { often: 0, twice: 0, once: 0 };
    const often = agenda.add(() => {
      calls.often += 1;
      return 5;
    }, 5);
    agenda.add(() => {
      calls.twice += 1;
      return calls.twice < 2 ? 30 : undefined;
    }, 30);
    agenda.add(() => void (calls.once += 1), 10);
    await delay(150);
    often[Symbol.dispose]();
    const { often: sofar } = calls;
    expect(sofar).toBeGreaterThan(8);
    expect(calls).toMatchObject({ twice: 2, once: 1 });
    await delay(30);
    expect(calls.often).toBe(sofar);
  });

  it("puts an earlier turn before one that is planned already", async () => {
    const agenda = createAgenda();
    const order: string[] = [];
    agenda.add(() => void order.push("late"), 60);
    agenda.add(() => void order.push("early"), 10);
    await expect.poll(() => order).toEqual(["early", "late"]);
  });

  it("can be added to and taken from in a turn", async () => {
    const agenda = createAgenda();
    const order: string[] = [];
    const other = agenda.add(() => void order.push("never"), 20);
    agenda.add(() => {
      other[Symbol.dispose]();
      agenda.add(() => void order.push("added"), 1);
      order.push("first");
      return undefined;
    }, 5);
    await delay(60);
    expect(order).toEqual(["first", "added"]);
  });
});
