/**
 * Drives a real agent's command line on one task, with a model that follows a script: the agent's own prompt, its own
 * tools and MCP client, real MCP servers, and every byte it sent. With `through: "codemode"` the servers are behind
 * `codemode serve`; with `"natively"` the agent has them itself.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ModelRequest, startScriptedModel, type Turn } from "../../test/fixtures/scripted-model.ts";

const root = join(import.meta.dirname, "../..");
const bin = join(import.meta.dirname, "node_modules/.bin");
const servers = join(root, "node_modules/@modelcontextprotocol");

export type AgentName = "codex" | "opencode";
export type Way = "natively" | "codemode";

export interface Drive {
  /** What the agent sent in turns of the task, in order. */
  readonly requests: readonly ModelRequest[];
  /** What it printed. */
  readonly output: string;
  /** What the memory server has on disk in the end. */
  readonly memory: string;
}

const months = ["January", "February", "March", "April", "May", "June", "July", "August"];
const rows = 40;
const cents = (month: number, row: number): number => ((month * 7 + row * 13) % 90) * 100 + 100;

/** What the task comes to, month by month. */
export const totals = months.map((name, month) => ({
  name,
  cents: Array.from({ length: rows }, (_, row) => cents(month, row)).reduce((sum, each) => sum + each, 0),
}));

export const task = "Add up the cents in each month's sales file and remember the totals.";
export const lastWords = "The totals are remembered.";

/** One run of the agent, in folders of its own that are removed. */
export async function driveAgent(agent: AgentName, way: Way): Promise<Drive> {
  const home = mkdtempSync(join(tmpdir(), "agent-"));
  const [sales, work] = [join(home, "sales"), join(home, "work")];
  for (const folder of [sales, work, join(home, "codex")]) mkdirSync(folder);
  for (const [month, name] of months.entries()) {
    const lines = Array.from(
      { length: rows },
      (_, row) => `${name} ${row + 1},kite ${row},${cents(month, row)}`,
    );
    writeFileSync(join(sales, `${name}.csv`), ["day,item,cents", ...lines].join("\n"));
  }
  const memory = join(home, "memory.jsonl");
  const fleet = toFleet(sales, memory);
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  const model = stack.use(
    await startScriptedModel(way === "natively" ? nativeTurns(sales) : codemodeTurns(sales)),
  );
  const environment = { PATH: process.env["PATH"] ?? "", HOME: home, TMPDIR: home };
  let url: string | undefined;
  if (way === "codemode") {
    const gateway = await startGateway(home, fleet, environment);
    stack.defer(() => end(gateway.child));
    url = gateway.url;
  }
  const tools = url === undefined ? { servers: fleet } : { url };
  const { command, env } = (agent === "codex" ? codex : opencode)({
    home,
    model: `${model.origin}/v1`,
    ...tools,
  });
  const child = spawn(join(bin, agent), command, {
    cwd: work,
    env: { ...environment, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  stack.defer(() => end(child));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  await Promise.race([once(child, "close"), new Promise((resolve) => setTimeout(resolve, 120_000).unref())]);
  const requests = model.requests.filter((request) => request.tools.length > 0);
  return { requests, output, memory: read(memory) };
}

interface Server {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: { readonly [name: string]: string };
}

type Fleet = { readonly [name: string]: Server };

function toFleet(sales: string, memory: string): Fleet {
  const server = (name: string, args: readonly string[] = [], env = {}): Server => ({
    command: process.execPath,
    args: [join(servers, `server-${name}/dist/index.js`), ...args],
    env,
  });
  return {
    files: server("filesystem", [sales]),
    memory: server("memory", [], { MEMORY_FILE_PATH: memory }),
    everything: server("everything"),
  };
}

async function startGateway(
  home: string,
  mcpServers: Fleet,
  env: { readonly [name: string]: string },
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const config = join(home, "codemode.json");
  writeFileSync(config, JSON.stringify({ mcpServers, policy: "allow-all" }));
  const main = join(root, "dist/surfaces/cli/main.js");
  const child = spawn(process.execPath, [main, "serve", "--config", config, "--port", "0"], {
    env: { ...env, XDG_STATE_HOME: join(home, "state") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  for (;;) {
    const url = /http:\/\/127\.0\.0\.1:\d+\/mcp/.exec(output)?.[0];
    if (url !== undefined) return { child, url };
    if (child.exitCode !== null) throw new Error(`The gateway ended: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface Setup {
  readonly home: string;
  readonly model: string;
  readonly url?: string;
  readonly servers?: Fleet;
}

interface Command {
  readonly command: readonly string[];
  readonly env: { readonly [name: string]: string };
}

function codex({ home, model, url, servers: fleet = {} }: Setup): Command {
  const text = (value: unknown): string => JSON.stringify(value);
  const lines = [
    'model = "scripted"',
    'model_provider = "scripted"',
    'approval_policy = "never"',
    'sandbox_mode = "danger-full-access"',
    "[model_providers.scripted]",
    'name = "scripted"',
    `base_url = ${text(model)}`,
    'wire_api = "responses"',
    ...(url === undefined ? [] : ["[mcp_servers.codemode]", `url = ${text(url)}`]),
    ...Object.entries(fleet).flatMap(([name, { command, args, env }]) => [
      `[mcp_servers.${name}]`,
      `command = ${text(command)}`,
      `args = ${text(args)}`,
      `env = { ${Object.entries(env)
        .map(([key, value]) => `${key} = ${text(value)}`)
        .join(", ")} }`,
    ]),
  ];
  writeFileSync(join(home, "codex/config.toml"), lines.join("\n"));
  return {
    command: ["exec", "--skip-git-repo-check", task],
    env: { CODEX_HOME: join(home, "codex") },
  };
}

function opencode({ home, model, url, servers: fleet = {} }: Setup): Command {
  const local = Object.entries(fleet).map(([name, { command, args, env }]) => [
    name,
    { type: "local", command: [command, ...args], environment: env, enabled: true },
  ]);
  const config = {
    provider: {
      scripted: {
        npm: "@ai-sdk/openai-compatible",
        name: "Scripted",
        options: { baseURL: model, apiKey: "none" },
        models: { scripted: { name: "Scripted", tool_call: true } },
      },
    },
    model: "scripted/scripted",
    small_model: "scripted/scripted",
    autoupdate: false,
    share: "disabled",
    permission: "allow",
    mcp: url === undefined ? Object.fromEntries(local) : { codemode: { type: "remote", url, enabled: true } },
  };
  writeFileSync(join(home, "opencode.json"), JSON.stringify(config));
  return {
    command: ["run", task],
    env: { OPENCODE_CONFIG: join(home, "opencode.json"), OPENCODE_DISABLE_MODELS_FETCH: "1" },
  };
}

/** One call a turn, as a model without programs works. */
function nativeTurns(sales: string): Turn[] {
  return [
    { tool: /list_directory$/, input: { path: sales } },
    ...months.map((name): Turn => ({ tool: /read_text_file$/, input: { path: join(sales, `${name}.csv`) } })),
    { tool: /create_entities$/, input: { entities: totals.map(toEntity) } },
    { text: lastWords },
  ];
}

function toEntity({ name, cents: total }: (typeof totals)[number]): object {
  return { name, entityType: "month", observations: [`${total} cents`] };
}

function codemodeTurns(sales: string): Turn[] {
  const code = `import { parseCsv } from "codemode/std";
const { content } = await tools.files.list_directory({ path: ${JSON.stringify(sales)} });
const names = [...String(content).matchAll(/\\[FILE\\] (\\S+)\\.csv/g)].map(([, name]) => name);
const entities = await Promise.all(names.map(async (name) => {
  const { content } = await tools.files.read_text_file({ path: \`${sales}/\${name}.csv\` });
  const total = parseCsv(String(content)).reduce((sum, row) => sum + Number(row.cents), 0);
  return { name, entityType: "month", observations: [\`\${total} cents\`] };
}));
await tools.memory.create_entities({ entities });
return entities.length;`;
  return [
    { tool: /search$/, input: { query: "list and read files, remember entities" } },
    { tool: /execute$/, input: { code } },
    { text: lastWords },
  ];
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await Promise.race([once(child, "close"), new Promise((resolve) => setTimeout(resolve, 5_000).unref())]);
  child.kill("SIGKILL");
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
