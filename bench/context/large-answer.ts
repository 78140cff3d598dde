/**
 * An upstream that answers five megabytes, returned by the program as they are: what a model reads is the budget.
 */
import { ok } from "node:assert";
import { createDice, type Workload } from "./workload.ts";

const dice = createDice(13);
const words = "request failed while the upstream was being restarted by its supervisor after a timeout".split(
  " ",
);
const lines = Array.from({ length: 36_000 }, (_, at) => ({
  at: `2026-01-01T00:${String(Math.floor(at / 600)).padStart(2, "0")}:${String(Math.floor(at / 10) % 60).padStart(2, "0")}Z`,
  level: dice(20) === 0 ? "error" : "info",
  message: Array.from({ length: 12 }, () => words[dice(words.length)]).join(" "),
}));

export const largeAnswer: Workload = {
  name: "an answer of 5 MB, returned as it is",
  published: "none; the budget is 6,000",
  bar: { tokens: 8_000 },
  source: "logs",
  tools: {
    read: {
      description: "Reads the log of a service.",
      effect: "read",
      input: { type: "object", properties: { service: { type: "string" } }, required: ["service"] },
      run: () => lines,
    },
  },
  query: "read the log of a service",
  program: 'return await tools.logs.read({ service: "web" });',
  calls: [{ tool: "read", args: { service: "web" } }],
  verify: (result) => ok(Array.isArray(result) && result.length === lines.length),
};
