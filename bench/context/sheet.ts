/**
 * A sheet of 10,000 rows, filtered and summed: Anthropic, "Code execution with MCP", November 2025.
 */
import { deepStrictEqual } from "node:assert";
import { createDice, type Workload } from "./workload.ts";

const dice = createDice(7);
const statuses = ["pending", "shipped", "returned", "paid"];
const rows = Array.from({ length: 10_000 }, (_, at) => [
  `A-${10_000 + at}`,
  statuses[dice(4)] ?? "",
  dice(9_000) / 10,
  dice(30) + 1,
]);
const pending = rows.filter(([, status]) => status === "pending");
const sum = Math.round(pending.reduce((total, [, , amount]) => total + Number(amount), 0) * 10) / 10;

export const sheet: Workload = {
  name: "sheet of 10,000 rows, filtered and summed",
  published: "150,000 → 2,000 (Anthropic)",
  bar: { tokens: 2_000 },
  source: "gdrive",
  tools: {
    get_sheet: {
      description: "Reads all rows of a sheet: order, status, amount, quantity.",
      effect: "read",
      input: { type: "object", properties: { sheetId: { type: "string" } }, required: ["sheetId"] },
      output: {
        type: "object",
        properties: { rows: { type: "array", items: { type: "array", items: {} } } },
        required: ["rows"],
      },
      run: () => ({ rows }),
    },
    list_sheets: {
      description: "Lists the sheets of a folder.",
      effect: "read",
      input: { type: "object", properties: { folder: { type: "string" } } },
      run: () => [{ id: "abc123", name: "orders" }],
    },
  },
  query: "read rows of a sheet",
  program: `const { rows } = await tools.gdrive.get_sheet({ sheetId: "abc123" });
const pending = rows.filter((row) => row[1] === "pending");
const sum = pending.reduce((total, row) => total + row[2], 0);
return { pending: pending.length, sum: Math.round(sum * 10) / 10, first: pending.slice(0, 5) };`,
  calls: [{ tool: "get_sheet", args: { sheetId: "abc123" } }],
  verify: (result) => deepStrictEqual(result, { pending: pending.length, sum, first: pending.slice(0, 5) }),
};
