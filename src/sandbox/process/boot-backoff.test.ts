import { describe, expect, it } from "vitest";
import { createBootBackoff } from "./boot-backoff.ts";

describe("createBootBackoff", () => {
  it("waits twice as long after each failure, ten seconds at most", () => {
    const backoff = createBootBackoff();
    const waits: number[] = [];
    let now = 0;
    for (let failure = 0; failure < 9; failure += 1) {
      backoff.failed(now, "no");
      waits.push(backoff.waitMs(now));
      now += backoff.waitMs(now);
    }
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
  });

  it("gives up after the third failure and not before", () => {
    const backoff = createBootBackoff();
    backoff.failed(0, "first");
    backoff.failed(1_000, "second");
    expect(backoff.givenUp).toBeUndefined();
    backoff.failed(2_000, "third");
    expect(backoff.givenUp).toBe("third");
  });

  it("counts failures side by side as one", () => {
    const backoff = createBootBackoff();
    for (let each = 0; each < 5; each += 1) backoff.failed(each, "no");
    expect(backoff.givenUp).toBeUndefined();
    expect(backoff.waitMs(0)).toBe(100);
  });

  it("starts afresh after a success", () => {
    const backoff = createBootBackoff();
    for (const now of [0, 1_000, 2_000]) backoff.failed(now, "no");
    backoff.succeeded();
    expect(backoff.givenUp).toBeUndefined();
    expect(backoff.waitMs(2_001)).toBe(0);
    backoff.failed(2_001, "no");
    expect(backoff.waitMs(2_001)).toBe(100);
  });
});
