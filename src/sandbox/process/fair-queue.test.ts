import { describe, expect, it } from "vitest";
import { createFairQueue, type Waiter } from "./fair-queue.ts";

const none = (): number => 0;
const waiter = (principal: string, since: number): Waiter => ({ principal, since });

describe("createFairQueue", () => {
  it("takes as many as its bound and not one more", () => {
    const queue = createFairQueue<Waiter>();
    expect(queue.join(waiter("a", 1), 2).joined).toBe(true);
    expect(queue.join(waiter("a", 2), 2).joined).toBe(true);
    expect(queue.join(waiter("a", 3), 2).joined).toBe(false);
    expect(queue.size).toBe(2);
  });

  it("keeps each line in order and puts the longest wait first", () => {
    const queue = createFairQueue<Waiter>();
    const [a1, a2, b1] = [waiter("a", 1), waiter("a", 2), waiter("b", 3)];
    for (const each of [a1, a2, b1]) queue.join(each, 3);
    expect(queue.heads(none)).toEqual([a1, b1]);
    queue.leave(a1);
    expect(queue.heads(none)).toEqual([a2, b1]);
  });

  it("lets whoever holds least go first", () => {
    const queue = createFairQueue<Waiter>();
    const [a, b] = [waiter("a", 1), waiter("b", 2)];
    queue.join(a, 3);
    queue.join(b, 3);
    expect(queue.heads((principal) => (principal === "a" ? 1 : 0))).toEqual([b, a]);
  });

  it("when full, the longest line gives way to a shorter one", () => {
    const queue = createFairQueue<Waiter>();
    const flood = [waiter("a", 1), waiter("a", 2), waiter("a", 3)];
    for (const each of flood) queue.join(each, 3);
    expect(queue.join(waiter("b", 4), 3)).toEqual({ joined: true, evicted: flood[2] });
    // Two against one is as even as three places get.
    expect(queue.join(waiter("b", 5), 3).joined).toBe(false);
    expect(queue.size).toBe(3);
  });

  it("leaves once", () => {
    const queue = createFairQueue<Waiter>();
    const a = waiter("a", 1);
    queue.join(a, 3);
    expect(queue.leave(a)).toBe(true);
    expect(queue.leave(a)).toBe(false);
    expect(queue.size).toBe(0);
  });

  it("drains everything", () => {
    const queue = createFairQueue<Waiter>();
    queue.join(waiter("a", 1), 3);
    queue.join(waiter("b", 2), 3);
    expect(queue.drain()).toHaveLength(2);
    expect(queue.heads(none)).toEqual([]);
  });
});
