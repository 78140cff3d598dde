import { describe, expect, it } from "vitest";
import { createFairQueue, type Waiter } from "./fair-queue.ts";

interface Named extends Waiter {
  readonly name: string;
}

const waiter = (path: string, name = path): Named => ({ path: path.split("/"), name });

/** The names of the next so many, each served and held until the end. */
function serve(queue: ReturnType<typeof createFairQueue<Named>>, most: number, holding = true): string[] {
  const served: string[] = [];
  for (let count = 0; count < most; count += 1) {
    const [next] = queue.heads();
    if (next === undefined) break;
    queue.take(next);
    if (!holding) queue.give(next.path);
    served.push(next.name);
  }
  return served;
}

describe("createFairQueue", () => {
  it("takes as many as its bound and not one more", () => {
    const queue = createFairQueue<Waiter>();
    expect(queue.join(waiter("a"), 2).joined).toBe(true);
    expect(queue.join(waiter("a"), 2).joined).toBe(true);
    expect(queue.join(waiter("a"), 2).joined).toBe(false);
    expect(queue.size).toBe(2);
  });

  it("keeps each line in order and puts whoever came first first", () => {
    const queue = createFairQueue<Waiter>();
    const [a1, a2, b1] = [waiter("a"), waiter("a"), waiter("b")];
    for (const each of [a1, a2, b1]) queue.join(each, 3);
    expect([...queue.heads()]).toEqual([a1, b1]);
    queue.leave(a1);
    expect([...queue.heads()]).toEqual([a2, b1]);
  });

  it("lets whoever holds least go first", () => {
    const queue = createFairQueue<Named>();
    queue.join(waiter("a"), 9);
    expect(serve(queue, 1)).toEqual(["a"]);
    queue.join(waiter("a"), 9);
    queue.join(waiter("b"), 9);
    expect(serve(queue, 2)).toEqual(["b", "a"]);
    expect(queue.held(["a"])).toBe(2);
    queue.give(["a"]);
    queue.give(["a"]);
    queue.give(["b"]);
    expect(queue.held(["a"])).toBe(0);
  });

  it.each([10, 500])("where one at a time is served, %i of one line cost another no turn", (flood) => {
    const queue = createFairQueue<Named>();
    for (let count = 0; count < flood; count += 1) queue.join(waiter("flood"), 1_000);
    for (let count = 0; count < 3; count += 1) queue.join(waiter("honest"), 1_000);
    const served = serve(queue, 6, false);
    expect(served).toEqual(["flood", "honest", "flood", "honest", "flood", "honest"]);
  });

  it("is fair at each level: many sessions of one client are one client", () => {
    const queue = createFairQueue<Named>();
    for (let count = 0; count < 50; count += 1) queue.join(waiter(`local/user/flood/${count}`, "flood"), 100);
    queue.join(waiter("local/user/honest/1", "honest"), 100);
    queue.join(waiter("local/user/honest/1", "honest"), 100);
    queue.join(waiter("other/user/x/1", "other"), 100);
    expect(serve(queue, 6)).toEqual(["flood", "other", "honest", "flood", "honest", "flood"]);
  });

  it("counts those who are named no further as one of those who are", () => {
    const queue = createFairQueue<Named>();
    for (let count = 0; count < 9; count += 1) queue.join(waiter("local", "anonymous"), 100);
    for (let count = 0; count < 3; count += 1) queue.join(waiter("local/user/client", "named"), 100);
    expect(serve(queue, 4, false)).toEqual(["anonymous", "named", "anonymous", "named"]);
  });

  it("when full, the longest line gives way to a shorter one", () => {
    const queue = createFairQueue<Waiter>();
    const flood = [waiter("a"), waiter("a"), waiter("a")];
    for (const each of flood) queue.join(each, 3);
    expect(queue.join(waiter("b"), 3)).toEqual({ joined: true, evicted: flood[2] });
    // Two against one is as even as three places get.
    expect(queue.join(waiter("b"), 3).joined).toBe(false);
    expect(queue.size).toBe(3);
  });

  it("when full of one principal, its longest client gives way to another of its own", () => {
    const queue = createFairQueue<Waiter>();
    const flood = [waiter("p/a"), waiter("p/a"), waiter("p/a")];
    for (const each of flood) queue.join(each, 3);
    expect(queue.join(waiter("p/b"), 3)).toEqual({ joined: true, evicted: flood[2] });
    expect(queue.join(waiter("p/a"), 3).joined).toBe(false);
  });

  it("leaves once", () => {
    const queue = createFairQueue<Waiter>();
    const a = waiter("a");
    queue.join(a, 3);
    expect(queue.leave(a)).toBe(true);
    expect(queue.leave(a)).toBe(false);
    expect(queue.size).toBe(0);
  });

  it("drains everything", () => {
    const queue = createFairQueue<Waiter>();
    queue.join(waiter("a"), 3);
    queue.join(waiter("b/c"), 3);
    expect(queue.drain()).toHaveLength(2);
    expect([...queue.heads()]).toEqual([]);
  });
});
