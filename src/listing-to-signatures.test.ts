import { expect, it } from "vitest";
import { listingToSignatures } from "./listing-to-signatures.ts";
import type { ToolDefinition } from "./spec/tool.ts";

const tool = (name: string, more: Partial<ToolDefinition> = {}): ToolDefinition => ({
  upstreamName: name,
  name: [name],
  input: { type: "object", properties: { id: { type: "integer" } }, required: ["id"] },
  raw: name,
  ...more,
});

it("declares every tool under the namespace, with what it is for", () => {
  const text = listingToSignatures("db", {
    tools: [
      tool("get-row", { description: "Reads\n one row.", output: { type: "string" } }),
      tool("plain", { title: "A title" }),
    ],
    issues: [],
  });
  expect(text).toBe(`declare const db: {
  /** Reads one row. */
  get_row: (args: { id: number }) => Promise<string>;
  /** A title */
  plain: (args: { id: number }) => Promise<any>;
};`);
});

it("lets no description end its comment", () => {
  const text = listingToSignatures("db", {
    tools: [tool("a", { description: "*/ }; evil(); /*" })],
    issues: [],
  });
  expect(text).toContain("/** *\\/ }; evil(); /* */");
});
