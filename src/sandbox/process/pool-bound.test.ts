import { expect, it } from "vitest";
import { machinePoolBound } from "./pool-bound.ts";

const gigabyte = 2 ** 30;

it.each([
  { what: "a tiny container still runs one", memoryMb: 128, bytes: gigabyte / 8, most: 1 },
  { what: "just too little for two", memoryMb: 128, bytes: 703 * 2 ** 20, most: 1 },
  { what: "just enough for two", memoryMb: 128, bytes: 704 * 2 ** 20, most: 2 },
  { what: "a laptop", memoryMb: 128, bytes: 16 * gigabyte, most: 46 },
  { what: "a bigger budget, fewer processes", memoryMb: 464, bytes: 16 * gigabyte, most: 16 },
  { what: "never more than 64", memoryMb: 128, bytes: 1024 * gigabyte, most: 64 },
])("$what: $most", ({ memoryMb, bytes, most }) => {
  expect(machinePoolBound(memoryMb, bytes)).toBe(most);
});

it("finds out by itself", () => {
  expect(machinePoolBound(128)).toBeGreaterThanOrEqual(1);
});
