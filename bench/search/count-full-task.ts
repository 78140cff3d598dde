/**
 * What a whole task on the Cloudflare document costs a model's context: both definitions, the overview, the
 * search and its answer, and a correct first call; beside what the same operations cost as naive tools,
 * counted as Cloudflare counts them (the JSON of name, description and input schema, by the tokenizer).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { buildCatalog } from "../../src/catalog/build-catalog.ts";
import { createOpenApiSource } from "../../src/connectors/openapi/create-openapi-source.ts";
import { createArgumentsValidator } from "../../src/schema/arguments-validator.ts";
import { catalogToOverview } from "../../src/search/catalog-to-overview.ts";
import { createSearch } from "../../src/search/create-search.ts";
import { searchAnswerToText } from "../../src/search/search-answer-to-text.ts";
import type { Value } from "../../src/spec/value.ts";
import type { Catalog, CatalogSource, Tool } from "../../src/spec/tool.ts";
import { executeTool, searchTool } from "../../src/surfaces/mcp/tool-definitions.ts";
import { toolToSignature } from "../../src/typegen/tool-to-signature.ts";
import { dataFolder } from "./load-sets.ts";

interface Task {
  readonly query: string;
  /** `operationId`: paths may be named better one day. */
  readonly operation: string;
  /** The arguments a model would write; checked against the operation's schema. */
  readonly args: { [name: string]: Value };
}

const zone = "023e105f4ecef8ad9ca31a8372d0c353";
const tasks: readonly Task[] = [
  {
    query: "list dns records of a zone",
    operation: "dns-records-for-a-zone-list-dns-records",
    args: { zone_id: zone, name: "www.example.com" },
  },
  {
    query: "create a zone",
    operation: "zones-post",
    args: { body: { name: "example.com", account: { id: zone } } },
  },
  {
    query: "purge cached files by url",
    operation: "zone-purge",
    args: { zone_id: zone, body: { files: ["https://example.com/a.css"] } },
  },
  {
    query: "list workers scripts of an account",
    operation: "worker-script-list-workers",
    args: { account_id: zone },
  },
  {
    query: "create a kv namespace",
    operation: "workers-kv-namespace-create-a-namespace",
    args: { account_id: zone, body: { title: "sessions" } },
  },
  { query: "list R2 buckets", operation: "r2-list-buckets", args: { account_id: zone } },
];

export interface FullTask {
  readonly query: string;
  readonly path: string;
  /** Rank of the operation in the answer, from 1; 0 when it is not there. */
  readonly rank: number;
  /** The call fits the operation's schema, and every argument it passes is named in the answer. */
  readonly correct: boolean;
  readonly answerTokens: number;
  readonly callTokens: number;
  readonly totalTokens: number;
}

export interface FullTaskReport {
  readonly operations: number;
  readonly definitionTokens: number;
  readonly overviewTokens: number;
  readonly tasks: readonly FullTask[];
  /** All operations as tools of their own, references written out. */
  readonly naiveTokens: number;
  /** The same with required parameters only. */
  readonly naiveRequiredTokens: number;
}

export async function countFullTask(): Promise<FullTaskReport> {
  const spec = join(dataFolder(), "openapi", "cloudflare.json");
  const source = createOpenApiSource("cloudflare", { spec });
  const listing = await source.list({ signal: AbortSignal.timeout(60_000) });
  await source[Symbol.asyncDispose]();
  const catalog = buildCatalog([{ name: "cloudflare", listing }]);
  const [only] = catalog.sources;
  if (only === undefined) throw new Error("The document has no operations.");
  const definitionTokens = countTokens(JSON.stringify([searchTool, executeTool].map(toDefinition)));
  const overviewTokens = countTokens(catalogToOverview(catalog));
  const fixed = definitionTokens + overviewTokens;
  const done = [];
  for (const task of tasks) done.push(await countTask(task, { catalog, source: only, fixed }));
  const naive = naiveTools(spec);
  return {
    operations: catalog.tools.size,
    definitionTokens,
    overviewTokens,
    tasks: done,
    naiveTokens: countJson(naive.map((tool) => tool.full)),
    naiveRequiredTokens: countJson(naive.map((tool) => tool.required)),
  };
}

function toDefinition({ name, description, inputSchema }: typeof searchTool): object {
  return { name, description, inputSchema };
}

async function countTask(
  task: Task,
  {
    catalog,
    source,
    fixed,
  }: { readonly catalog: Catalog; readonly source: CatalogSource; readonly fixed: number },
): Promise<FullTask> {
  const search = createSearch({ signature: (tool, options) => toolToSignature(tool, source, options) });
  const answer = await search.search(catalog, { query: task.query });
  const text = searchAnswerToText(answer);
  const tool = source.tools.find((each) => each.upstreamName === task.operation);
  const path = tool?.path ?? task.operation;
  const call = `return await tools.${path}(${JSON.stringify(task.args)})`;
  const asked = countJson({ query: task.query });
  const answerTokens = countTokens(text);
  const callTokens = countJson({ code: call });
  return {
    query: task.query,
    path,
    rank: answer.results.findIndex((hit) => hit.path === path) + 1,
    correct: isValid(tool, source, task) && Object.keys(task.args).every((name) => text.includes(name)),
    answerTokens,
    callTokens,
    totalTokens: fixed + asked + answerTokens + callTokens,
  };
}

function isValid(tool: Tool | undefined, source: CatalogSource, { args }: Task): boolean {
  if (tool === undefined) return false;
  const validate = createArgumentsValidator({ input: tool.input, definitions: source.definitions });
  return validate(args).length === 0;
}

interface NaiveTool {
  readonly full: object;
  readonly required: object;
}

type Fields = { readonly [key: string]: unknown };

/** One tool per operation, straight from the document: parameters and JSON body, references written out. */
function naiveTools(file: string): NaiveTool[] {
  const document = JSON.parse(readFileSync(file, "utf8")) as Fields;
  const tools: NaiveTool[] = [];
  for (const [path, item] of Object.entries(document["paths"] as { [path: string]: Fields })) {
    for (const method of ["get", "put", "post", "delete", "patch"]) {
      const operation = item[method] as Fields | undefined;
      if (operation === undefined) continue;
      const parameters = [...list(item["parameters"]), ...list(operation["parameters"])].map((each) =>
        inline(each, document, []),
      );
      const body = inline(operation["requestBody"], document, []) as Fields | undefined;
      const name = operation["operationId"] ?? `${method} ${path}`;
      const description = [operation["summary"], operation["description"]].filter(Boolean).join("\n\n");
      const make = (onlyRequired: boolean): object => ({
        name,
        description,
        inputSchema: toInput(parameters, body, onlyRequired),
      });
      tools.push({ full: make(false), required: make(true) });
    }
  }
  return tools;
}

function toInput(parameters: readonly unknown[], body: Fields | undefined, onlyRequired: boolean): object {
  const known = (parameters as Fields[]).filter((each) => !onlyRequired || each["required"] === true);
  const properties = Object.fromEntries(
    known.map((each) => [each["name"], { ...(each["schema"] as object), description: each["description"] }]),
  );
  const json = (body?.["content"] as { [type: string]: Fields } | undefined)?.["application/json"]?.[
    "schema"
  ];
  const withBody = json !== undefined && (!onlyRequired || body?.["required"] === true);
  return {
    type: "object",
    properties: withBody ? { ...properties, body: onlyRequired ? requiredOnly(json) : json } : properties,
    required: (parameters as Fields[])
      .filter((each) => each["required"] === true)
      .map((each) => each["name"]),
  };
}

function requiredOnly(schema: unknown): unknown {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return schema;
  const { properties, required, ...rest } = schema as Fields;
  if (typeof properties !== "object" || properties === null) return schema;
  const wanted = new Set(list(required));
  const kept = Object.entries(properties).filter(([name]) => wanted.has(name));
  return {
    ...rest,
    properties: Object.fromEntries(kept.map(([name, value]) => [name, requiredOnly(value)])),
    required,
  };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Writes references out; one that leads back to itself is left as it is. */
function inline(value: unknown, document: Fields, within: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => inline(each, document, within));
  if (typeof value !== "object" || value === null) return value;
  const ref = (value as Fields)["$ref"];
  if (typeof ref === "string") {
    if (within.includes(ref) || within.length > 12) return value;
    const target = ref
      .slice(2)
      .split("/")
      .reduce<unknown>(
        (at, key) => (at as Fields | undefined)?.[key.replaceAll("~1", "/").replaceAll("~0", "~")],
        document,
      );
    return inline(target, document, [...within, ref]);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, inline(each, document, within)]),
  );
}

/** Piece by piece, since one text of megabytes is slow to tokenize. */
function countJson(value: object): number {
  return (Array.isArray(value) ? value : [value]).reduce<number>(
    (sum, each) => sum + countTokens(JSON.stringify(each)),
    0,
  );
}
