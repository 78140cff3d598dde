/**
 * Thirty-four tools of a real GitLab server: what their definitions cost before anything is done, and one task.
 */
import { ok } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FunctionDefinition } from "../../src/index.ts";
import type { JsonSchema } from "../../src/spec/value.ts";
import { dataFolder } from "../search/load-sets.ts";
import type { Workload } from "./workload.ts";

interface Listing {
  readonly tools: readonly {
    readonly name: string;
    readonly description?: string;
    readonly inputSchema: JsonSchema;
  }[];
}

/** Definitions of about 15,000 tokens together, as published: of the largest of the listing, the three largest left out. */
export function createGitlab(): Workload {
  const file = join(dataFolder(), "mcp-tools", "gitlab-zereight.json");
  const { tools } = JSON.parse(readFileSync(file, "utf8")) as Listing;
  const chosen = [...tools].sort((a, b) => sizeOf(b) - sizeOf(a)).slice(3, 37);
  if (!chosen.some(({ name }) => name === "list_issues")) throw new Error("The listing has changed.");
  return {
    name: `${chosen.length} GitLab tools, one question`,
    published: "15,000 tokens of definitions → two tools",
    bar: { tokens: 2_000 },
    source: "gitlab",
    tools: Object.fromEntries(
      chosen.map(({ name, description = "", inputSchema }): [string, FunctionDefinition] => [
        name,
        { description, effect: "read", input: inputSchema, run: () => answer },
      ]),
    ),
    query: "list open issues of a project",
    program: `const issues = await tools.gitlab.list_issues({ project_id: "42", state: "opened" });
return issues.map((i) => ({ iid: i.iid, title: i.title }));`,
    calls: [{ tool: "list_issues", args: { project_id: "42", state: "opened" } }],
    verify: (result) => ok(Array.isArray(result) && result.length === answer.length),
  };
}

const answer = Array.from({ length: 20 }, (_, at) => ({
  id: 9_000 + at,
  iid: at + 1,
  title: `Issue number ${at + 1} of the tracker`,
  description: "Steps to reproduce, what was expected and what happened instead. ".repeat(6),
  state: "opened",
  labels: ["bug", "backend"],
  author: { id: 7, username: "ada", web_url: "https://gitlab.example.com/ada" },
  web_url: `https://gitlab.example.com/group/project/-/issues/${at + 1}`,
}));

function sizeOf(tool: object): number {
  return JSON.stringify(tool).length;
}
