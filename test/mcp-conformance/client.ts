/**
 * The client side as the conformance suite meets it: an MCP source of the URL given last, whose every tool is called
 * once by a snippet, with arguments made from its schema.
 */
import { createCodemode, createMcpSource, createQuickJsEngine } from "../../src/index.ts";
import type { Tool, Value } from "../../src/index.ts";

interface Context {
  readonly toolCalls?: readonly { readonly name: string; readonly arguments?: { [key: string]: Value } }[];
}

const url = process.argv.at(-1) ?? "";
const { toolCalls }: Context = JSON.parse(process.env["MCP_CONFORMANCE_CONTEXT"] ?? "{}");
const answerMs = 20_000;

await using codemode = createCodemode({
  sources: [
    createMcpSource("peer", {
      transport: "http",
      url,
      relay: { elicitation: true, sampling: true },
    }),
  ],
  engine: createQuickJsEngine(),
  policy: "allow-all",
  check: "off",
});
const { tools } = await codemode.catalog({ fresh: true });
for (const tool of tools.values()) {
  const planned = (toolCalls ?? []).filter(({ name }) => name === tool.upstreamName);
  const calls = planned.length === 0 ? [sample(tool)] : planned.map((call) => call.arguments ?? {});
  for (const args of calls) {
    const { document } = await codemode.call(tool.path, args, {
      signal: AbortSignal.timeout(answerMs),
      // Whoever is asked takes what the form proposes.
      askPerson: async ({ schema }) => ({ action: "accept", content: defaultsOf(schema) }),
      ask: async () => "an answer",
    });
    console.log(tool.path, document.status, document.error?.message ?? "");
  }
}

function sample({ input }: Tool): { [key: string]: Value } {
  const properties: unknown = Reflect.get(Object(input), "properties");
  return Object.fromEntries(
    Object.entries(Object(properties)).map(([name, schema]) => [name, sampleOf(schema)]),
  );
}

function sampleOf(schema: unknown): Value {
  switch (Reflect.get(Object(schema), "type")) {
    case "integer":
    case "number":
      return 3;
    case "boolean":
      return true;
    case "object":
      return {};
    case "array":
      return [];
    default:
      return "sample";
  }
}

function defaultsOf(schema: unknown): { [key: string]: string | number | boolean } {
  const properties: unknown = Reflect.get(Object(schema), "properties");
  return Object.fromEntries(
    Object.entries(Object(properties)).map(([name, field]): [string, string | number | boolean] => {
      const value = sampleOf(field);
      return [name, typeof value === "number" || typeof value === "boolean" ? value : "sample"];
    }),
  );
}
