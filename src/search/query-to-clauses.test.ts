import { describe, expect, it } from "vitest";
import { queryToClauses } from "./query-to-clauses.ts";

describe("queryToClauses", () => {
  it("leaves a short query alone", () => {
    expect(queryToClauses("create an issue")).toEqual({ whole: "create an issue", parts: [] });
  });

  it("cuts a task into what may each want a tool", () => {
    const { parts } = queryToClauses("Find the order, refund it and email the customer. Then log it");
    expect(parts).toEqual(
      ["Find the order", "refund it", "email the customer", "log it"].map((part) =>
        expect.stringContaining(part),
      ),
    );
  });

  it.each([
    ["save it as /tmp/report.docx", "write file word document"],
    ["read /data/people.xlsx", "read file excel spreadsheet"],
    ["what is in notes.md", "read file markdown"],
    ["export to ~/out/a.csv", "write file csv"],
  ])("%s mentions a file: %s", (query, words) => {
    expect(queryToClauses(query).whole.replaceAll(/\s+/g, " ")).toContain(words);
  });

  it("does not take a name with a dot for a file", () => {
    expect(queryToClauses("github.repos.get on node.js 1.5").whole).not.toContain("write file");
  });

  it("has no more parts than its bound", () => {
    expect(queryToClauses("a one, ".repeat(40)).parts.length).toBeLessThanOrEqual(40);
    expect(queryToClauses("a one, ".repeat(400)).parts).toHaveLength(40);
  });
});
