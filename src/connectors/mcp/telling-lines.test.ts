import { expect, test } from "vitest";
import { tellingLines } from "./telling-lines.ts";

const node = [
  "/srv/server.js:3",
  'throw new Error("CRM_TOKEN is not set");',
  "^",
  "",
  "Error: CRM_TOKEN is not set",
  ...Array.from({ length: 12 }, (_each, at) => `    at frame${at} (/srv/server.js:${at}:1)`),
  "Node.js v24.0.0",
];
const python = [
  "Traceback (most recent call last):",
  ...Array.from({ length: 12 }, (_each, at) => `  File "/srv/s.py", line ${at}, in f`),
  "KeyError: 'CRM_TOKEN'",
];

test.each([
  ["Node.js", node, "Error: CRM_TOKEN is not set"],
  ["Python", python, "KeyError: 'CRM_TOKEN'"],
])("what %s says last is not pushed out by a stack", (_what, lines, message) => {
  expect(tellingLines(lines, 3)).toContain(message);
});

test("the last lines are kept where there are only frames, and never more than asked for", () => {
  expect(tellingLines(["    at a", "    at b"], 1)).toEqual(["    at b"]);
  expect(tellingLines(["a", "b", "c"], 2)).toEqual(["b", "c"]);
  expect(tellingLines([], 2)).toEqual([]);
});
