/**
 * Start of the built server to its first answered `tools/list`, over stdio, with twenty sources whose listings
 * were kept by an earlier start. `npm run build && node bench/product/serve-start.ts [starts]`.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const starts = Number(process.argv[2] ?? 10);
const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "codemode-bench-"));
const server = join(root, "node_modules/@modelcontextprotocol/server-everything/dist/index.js");
const mcpServers = Object.fromEntries(
  Array.from({ length: 20 }, (_, index) => [`source${index}`, { command: process.execPath, args: [server] }]),
);
writeFileSync(join(folder, "codemode.json"), JSON.stringify({ mcpServers, policy: "read-only" }));

async function start(settleMs: number): Promise<number> {
  const began = performance.now();
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [
      join(root, "dist/surfaces/cli/main.js"),
      "serve",
      "--stdio",
      "--config",
      join(folder, "codemode.json"),
    ],
    env: { PATH: process.env["PATH"] ?? "", HOME: folder, XDG_STATE_HOME: join(folder, "state") },
    stderr: "ignore",
  });
  const client = new Client({ name: "bench", version: "1.0.0" });
  await client.connect(transport);
  const { tools } = await client.listTools();
  const took = performance.now() - began;
  if (tools.length !== 2) throw new Error(`${tools.length} tools`);
  await new Promise((settle) => setTimeout(settle, settleMs));
  await client.close();
  return took;
}

console.log(`first start, nothing kept: ${(await start(20_000)).toFixed(0)} ms`);
const times: number[] = [];
for (let count = 0; count < starts; count += 1) times.push(await start(200));
times.sort((a, b) => a - b);
console.log(
  `start → first tools/list, 20 kept sources: p50 ${times[Math.floor(starts / 2)]?.toFixed(0)} ms, slowest ${times.at(-1)?.toFixed(0)} ms of ${starts}`,
);
rmSync(folder, { recursive: true, force: true });
