import { expect, it } from "vitest";
import { LeaseWatch, type StoredLease } from "./lease-watch.ts";

const lease: StoredLease = { owner: "host", fence: 1, renewedAt: 1_000, clock: "here", ttlMs: 6_000 };

function watchAt(name: string | undefined): {
  readonly watch: LeaseWatch;
  readonly at: (now: number) => void;
} {
  let time = 0;
  return { watch: new LeaseWatch({ name, now: () => time }), at: (now) => void (time = now) };
}

it("reads the age of a lease of its own machine, and waits a sixth beyond it", () => {
  const { watch, at } = watchAt("here");
  at(8_000);
  expect(watch.isOver("run", lease)).toBe(false);
  at(8_001);
  expect(watch.isOver("run", lease)).toBe(true);
});

it.each([
  ["of another machine", "there", "here"],
  ["where clocks have no name", undefined, undefined],
  ["of an earlier version", "here", undefined],
])("watches a lease %s for as long as it lasts, whatever its time says", (_, name, clock) => {
  const { watch, at } = watchAt(name);
  const held = { ...lease, clock, renewedAt: -1e12 };
  at(1_000_000);
  expect(watch.isOver("run", held), "seen for the first time").toBe(false);
  at(1_007_000);
  expect(watch.isOver("run", held)).toBe(false);
  at(1_007_001);
  expect(watch.isOver("run", held)).toBe(true);
});

it.each([
  ["renewed", { renewedAt: 2_000 }],
  ["taken by another", { fence: 2, owner: "next" }],
])("begins to watch anew when it was %s", (_, change) => {
  const { watch, at } = watchAt(undefined);
  watch.isOver("run", lease);
  at(6_000);
  expect(watch.isOver("run", { ...lease, ...change })).toBe(false);
  at(12_000);
  expect(watch.isOver("run", { ...lease, ...change })).toBe(false);
  at(13_001);
  expect(watch.isOver("run", { ...lease, ...change })).toBe(true);
});
