/**
 * The shape of `codemode.json`, with every key documented: the published JSON Schema is generated from it.
 * It says nothing about where the file is found, what its variables mean or what is done with it.
 */
import * as z from "zod";
import { policyRulesSchema } from "../../../policy/policy-rules.ts";
import { isolationLevels } from "../../../spec/engine.ts";
import { defaultLimits, leastResultTokens } from "../../../spec/limits.ts";
import { policyPresets } from "../../../spec/policy.ts";
import { approvalsSchema } from "./approvals-schema.ts";
import { openapiEntrySchema } from "./openapi-entry-schema.ts";
import { utcpEntrySchema } from "./utcp-entry-schema.ts";
import { serverEntrySchema } from "./server-entry-schema.ts";
import { modulesSchema, snippetsSchema } from "./snippets-schema.ts";
import { idempotencySchema, relaySchema, replaySchema, undoSchema } from "./source-rules-schema.ts";
import { retentionSchema, storeSchema } from "./store-schema.ts";
import { workspaceSchema } from "./workspace-schema.ts";

const effect = z.enum(["read", "write", "destructive"]);

export const sourceEntrySchema = z.strictObject({
  trusted: z
    .boolean()
    .optional()
    .describe(
      "Believe what the source says about its tools' effects (readOnlyHint and friends). Default: true for servers started by a command, false for servers reached by URL.",
    ),
  include: z.array(z.string()).optional().describe("Globs of tools to take. Default: all."),
  exclude: z.array(z.string()).optional().describe("Globs of tools to leave out; wins over `include`."),
  rename: z
    .record(z.string(), z.string())
    .optional()
    .describe('New names by the upstream\'s name; a dot nests: { "create_issue": "issues.create" }.'),
  effects: z
    .record(z.string(), effect)
    .optional()
    .describe('What tools do, by glob; the first that fits wins: { "search_*": "read" }.'),
  unstated: z
    .record(z.string(), effect)
    .optional()
    .describe(
      'What tools do whose source does not say, by glob: { "get_*": "read" }. Unlike `effects`, it never makes less of what the source says, believed or not.',
    ),
  descriptions: z.record(z.string(), z.string()).optional().describe("Better descriptions, by glob."),
  idempotency: idempotencySchema.optional(),
  undo: undoSchema.optional(),
  replay: replaySchema.optional(),
  relay: relaySchema.optional(),
  startMs: z
    .int()
    .min(100)
    .max(600_000)
    .optional()
    .describe(
      "Milliseconds that the source may take to start and to list its tools; after that it counts as down. Default: 20000.",
    ),
  observe: z
    .boolean()
    .optional()
    .describe(
      "Learn the shapes of answers (names and types, no values) where a tool states none. Default: true.",
    ),
  sensitive: z
    .boolean()
    .optional()
    .describe(
      "What this source is sent and answers must not be readable on disk: needs `store.key`, and teaches no shapes. Default: false.",
    ),
});

const presetSchema = z.enum(policyPresets);

export const policySchema = z
  .union([presetSchema, policyRulesSchema])
  .describe(
    "Which calls are allowed: `read-only` refuses every write, `ask-writes` asks a person before one, `allow-all` lets everything through; or a preset with rules before it.",
  );

const limit = (what: string, unit: string, fallback: number): z.ZodOptional<z.ZodInt> =>
  z.int().positive().optional().describe(`${what}, in ${unit}. Default: ${fallback}.`);

export const limitsSchema = z.strictObject({
  wallMs: limit(
    "Time a snippet itself may take, waiting for tools not counted",
    "milliseconds",
    defaultLimits.wallMs,
  ),
  lifetimeMs: limit(
    "Time a run may last, waiting for tools included",
    "milliseconds",
    defaultLimits.lifetimeMs,
  ),
  cpuMs: limit("CPU time of a snippet", "milliseconds", defaultLimits.cpuMs),
  memoryMb: limit("Memory a snippet may add to the sandbox", "megabytes", defaultLimits.memoryMb),
  calls: limit("Tool calls a run may make", "calls", defaultLimits.calls),
  callsInFlight: limit("Tool calls under way at once", "calls", defaultLimits.callsInFlight),
  argumentBytes: limit("Size of one call's arguments", "bytes", defaultLimits.argumentBytes),
  resultBytes: limit(
    "Size of one tool's answer, and of a snippet's result (which beyond some 9 MiB may end as memory_limit before, at 128 memoryMb)",
    "bytes",
    defaultLimits.resultBytes,
  ),
  resultTokens: z
    .int()
    .min(leastResultTokens)
    .optional()
    .describe(
      `Size of the text that a model reads of a run, in o200k tokens, at least ${leastResultTokens}. Default: ${defaultLimits.resultTokens}.`,
    ),
  depth: limit("Nesting of any value", "levels", defaultLimits.depth),
  logBytes: limit("Console output kept of a run", "bytes", defaultLimits.logBytes),
  snippetBytes: limit("Size of a snippet's text", "bytes", defaultLimits.snippetBytes),
  timers: limit("Timers a snippet may start", "timers", defaultLimits.timers),
  callMs: limit("Time one tool call may take", "milliseconds", defaultLimits.callMs),
});

export const sandboxSchema = z.strictObject({
  engine: z
    .enum(["workerd", "quickjs"])
    .optional()
    .describe(
      "What executes snippets. Default: `workerd`, or `quickjs` on machines that workerd has no build for.",
    ),
  reuse: z
    .boolean()
    .optional()
    .describe(
      "Whether a sandbox process may serve one run after another. false gives every run a fresh process. Default: true.",
    ),
  require: z
    .enum(isolationLevels)
    .optional()
    .describe("Refuse to start when the machine cannot give at least this isolation."),
  prewarm: z.int().min(0).max(64).optional().describe("Sandbox processes kept ready. Default: 2."),
  processes: z
    .int()
    .min(1)
    .max(1_024)
    .optional()
    .describe("Sandbox processes at once. Default: what the memory of the machine has room for."),
  queue: z
    .int()
    .min(0)
    .optional()
    .describe("Runs that may wait for a process; further ones are refused as busy. Default: 256."),
  shareAcrossPrincipals: z
    .boolean()
    .optional()
    .describe("Whether a process may serve one principal after another. Default: false."),
});

export const serverSchema = z.strictObject({
  host: z
    .string()
    .min(1)
    .optional()
    .describe("Address to listen on. Anything but loopback needs `token`. Default: 127.0.0.1."),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe("Port to listen on; 0 takes a free one. Default: 4000."),
  patienceMs: z
    .int()
    .min(1_000)
    .max(3_600_000)
    .optional()
    .describe(
      "Milliseconds after which an MCP client that gave no progress token is told that its run goes on. Default: 50000.",
    ),
  token: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Bearer token that every request must carry, whoever sends it. Write it as ${VAR}, never as text. Default: on loopback only the user who runs the server is answered.",
    ),
  allowedHosts: z
    .array(z.string().min(1))
    .optional()
    .describe("Host names, besides loopback and the address listened on, that requests may be addressed to."),
  allowedOrigins: z
    .array(z.string().min(1))
    .optional()
    .describe(
      "Origins of web pages that may call the server, such as http://localhost:6274. Default: none but its own.",
    ),
});

const sourceName = z.string().regex(/^[^\s.][^.]{0,63}$/u, {
  error: "must be a name of 1 to 64 characters without a dot",
});

export const configSchema = z.strictObject({
  $schema: z.string().optional().describe("Where editors find the schema of this file."),
  mcpServers: z
    .record(sourceName, serverEntrySchema)
    .optional()
    .describe("MCP servers by name, exactly as other MCP clients write them."),
  openapi: z
    .record(sourceName, openapiEntrySchema)
    .optional()
    .describe("HTTP APIs described by OpenAPI documents, by name."),
  utcp: z
    .record(sourceName, utcpEntrySchema)
    .optional()
    .describe("Tools described by UTCP manuals, by name."),
  sources: z
    .record(sourceName, sourceEntrySchema)
    .optional()
    .describe("What to change about the tools of a source above, by its name."),
  policy: policySchema.optional(),
  approvals: approvalsSchema.optional().describe("How what a run asks a person is answered."),
  check: z
    .enum(["error", "warn", "off"])
    .optional()
    .describe(
      "Type-check snippets before they run: `error` stops a wrong one, `warn` runs it and says so. Default: error.",
    ),
  surface: z
    .enum(["auto", "search", "inline"])
    .optional()
    .describe(
      "What the model sees: two constant tools (`search`), or all signatures in the description of `execute` (`inline`). Default: `auto`, which inlines a fleet small enough to need no search.",
    ),
  passthrough: z
    .array(z.string().min(1))
    .optional()
    .describe(
      'Tools that MCP clients are shown natively beside the two, by globs over `source.tool`: ["github.get_issue", "docs.*"]; with the resources and prompts of their sources. Default: none.',
    ),
  limits: limitsSchema.optional().describe("Limits of every run."),
  store: storeSchema.optional(),
  retention: retentionSchema.optional(),
  snippets: snippetsSchema.optional().describe("Programs kept under a name."),
  workspace: workspaceSchema.optional().describe("What runs leave to later ones."),
  modules: modulesSchema,
  sandbox: sandboxSchema.optional().describe("How snippets are isolated."),
  server: serverSchema.optional().describe("How `codemode serve` listens."),
});

export type Config = z.infer<typeof configSchema>;
