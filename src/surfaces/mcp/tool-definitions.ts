/**
 * The two tools that a model sees, word for word. They are the product's prompt, so each sentence earns its
 * tokens; they are the same for every fleet and never change while a server runs, so that a prompt cache
 * stays warm. A test holds both together under 700 tokens.
 */
import type { Tool } from "@modelcontextprotocol/server";
import { codeModeMark } from "./is-code-mode.ts";

const searchDescription = `Find tools by what they do. Answers callable paths with their TypeScript input and output types: one search, then a correct \`execute\`.

query: the task in plain words ("create github issue"), a path ("github.issues.create"), a glob ("github.issues.*"), or "" for an overview of all sources.`;

const executeDescription = `Run TypeScript in a sandbox where every tool is \`await tools.<source>.<name>(args)\`. Do the whole task in one program: run independent calls in parallel, loop, filter and join in code, and return only what you need. What stays in the program costs no tokens.

\`\`\`ts
const { items } = await tools.github.search_issues({ q: "is:open label:bug" });
const bodies = await Promise.all(items.slice(0, 5).map((i) => tools.github.get_issue({ number: i.number })));
return bodies.map(({ title, comments }) => ({ title, comments }));
\`\`\`

- Take paths and types from \`search\`; in a program, \`codemode.search(query)\` and \`codemode.describe(path)\` answer the same.
- Types are checked before anything runs; a mistake names its line and the fix.
- A tool's failure is an exception with the tool's own message.
- No network. Web APIs (URL, TextEncoder, crypto, timers) are there, \`codemode.state.get/set(key, value)\` for later runs, and \`import { parseCsv, mapLimit, retry } from "codemode/std"\`.
- Answers with what you \`return\` and console output, cut when large.
- A failed run lists the writes that did happen: do not repeat those.
- A paused run waits for a person: say what it asks, then \`execute({ resume: runId })\`.`;

export const searchTool: Tool = {
  name: "search",
  description: searchDescription,
  inputSchema: {
    type: "object",
    properties: {
      query: { type: "string" },
      source: { type: "string", description: "Search this source only" },
      limit: { type: "integer", minimum: 1, maximum: 50, description: "Default 8" },
      detail: {
        enum: ["names", "signatures", "full"],
        description: "Default signatures; full adds all docs",
      },
    },
    required: ["query"],
  },
  annotations: { readOnlyHint: true },
};

export const executeTool: Tool = {
  name: "execute",
  description: executeDescription,
  inputSchema: {
    type: "object",
    properties: {
      code: { type: "string", description: "Body of an async function, with top-level await and return" },
      resume: { type: "string", description: "Instead of code: the id of a paused or running run" },
      dryRun: { type: "boolean", description: "Make no writes, list them" },
      detach: { type: "boolean", description: "Return the run's id at once; resume waits for it" },
    },
  },
  annotations: { destructiveHint: true, openWorldHint: true },
  _meta: { [codeModeMark]: true },
};
