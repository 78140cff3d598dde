/** The pieces that keep a connection within bounds, each on both sides of its bound. */
import { describe, expect, test, vi } from "vitest";
import { backoffMs } from "./backoff.ts";
import { BoundedLines, type LongLine } from "./bounded-lines.ts";
import { FlowMeter } from "./flow-meter.ts";
import { LineRing } from "./line-ring.ts";
import { ChangeSpreader } from "./spread-changes.ts";

describe("BoundedLines", () => {
  function read(chunks: readonly string[], maxBytes: number): { lines: string[]; long: LongLine[] } {
    const lines: string[] = [];
    const long: LongLine[] = [];
    const reader = new BoundedLines(
      { line: (text) => lines.push(text), tooLong: (line) => long.push(line) },
      () => maxBytes,
    );
    for (const chunk of chunks) reader.write(Buffer.from(chunk));
    return { lines, long };
  }

  test.each<[readonly string[], string[]]>([
    [["one\ntwo\n"], ["one", "two"]],
    [
      ["o", "ne\nt", "wo", "\n"],
      ["one", "two"],
    ],
    [["one\r\n\n  \ntwo"], ["one"]],
    [["grü", "ße\n"], ["grüße"]],
  ])("%j holds %j", (chunks, lines) => {
    expect(read(chunks, 100)).toEqual({ lines, long: [] });
  });

  test("a character split between chunks is whole", () => {
    const lines: string[] = [];
    const reader = new BoundedLines(
      { line: (text) => lines.push(text), tooLong: () => undefined },
      () => 100,
    );
    for (const byte of Buffer.from("€\n")) reader.write(Buffer.from([byte]));
    expect(lines).toEqual(["€"]);
  });

  test("a line at the bound is whole, one byte more is dropped, the next is whole again", () => {
    const { lines, long } = read([`${"a".repeat(10)}\n${"b".repeat(5)}`, `${"b".repeat(6)}\nc\n`], 10);
    expect(lines).toEqual(["a".repeat(10), "c"]);
    expect(long).toEqual([{ bytes: 11, head: "b".repeat(11), tail: "b".repeat(11) }]);
  });

  test("of a long line the ends are kept, however it comes", () => {
    const line = `{"id":1,${"x".repeat(5_000)},"id":2}`;
    for (const size of [1, 7, 600, 10_000]) {
      const chunks = (line + "\n").match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
      const [long] = read(chunks, 1_000).long;
      expect(long?.bytes).toBe(line.length);
      expect(long?.head).toBe(line.slice(0, 512));
      expect(long?.tail).toBe(line.slice(-512));
    }
  });
});

test("FlowMeter lets through a burst and then the rate", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  try {
    const meter = new FlowMeter({ burst: 10, perSecond: 5 });
    expect(meter.take(10)).toBe(true);
    expect(meter.take(1)).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(meter.take(4)).toBe(true);
    expect(meter.take(1)).toBe(false);
    vi.advanceTimersByTime(60_000);
    expect(meter.take(10)).toBe(true);
    expect(meter.take(1)).toBe(false);
  } finally {
    vi.useRealTimers();
  }
});

test("LineRing keeps the last lines, cut", () => {
  const ring = new LineRing({ lines: 3, length: 5 });
  for (const chunk of ["one\ntw", "o\n\nthree-and-more\n", "four\nfi"]) ring.write(Buffer.from(chunk));
  expect(ring.last(10)).toEqual(["two", "three", "four", "fi"]);
  expect(ring.last(2)).toEqual(["four", "fi"]);
  ring.write(Buffer.from("x".repeat(1_000_000)));
  expect(ring.last(1)).toEqual(["fixxx"]);
});

test("pauses double up to the bound, and differ", () => {
  for (let failures = 1; failures < 60; failures += 1) {
    const full = Math.min(30_000, 500 * 2 ** (failures - 1));
    const pause = backoffMs(failures, 30_000);
    expect(pause).toBeGreaterThanOrEqual(full / 2);
    expect(pause).toBeLessThanOrEqual(full);
  }
  expect(new Set(Array.from({ length: 20 }, () => backoffMs(9, 30_000))).size).toBeGreaterThan(10);
});

test("changes without end are told ever more rarely, and at once again after a quiet time", () => {
  vi.useFakeTimers();
  try {
    using changes = new ChangeSpreader();
    const told: number[] = [];
    const began = Date.now();
    changes.add(() => told.push(Date.now() - began));
    for (let ms = 0; ms < 120_000; ms += 50) {
      changes.note();
      vi.advanceTimersByTime(50);
    }
    expect(told.length).toBeLessThan(12);
    expect(told[0]).toBe(200);
    vi.advanceTimersByTime(300_000);
    const before = told.length;
    changes.note();
    vi.advanceTimersByTime(200);
    expect(told).toHaveLength(before + 1);
  } finally {
    vi.useRealTimers();
  }
});
