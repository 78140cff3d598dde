/**
 * What real agents send for one whole task, natively and through Codemode: `npm install --no-package-lock --prefix bench/agents` once, then
 * `npm run --silent build && node bench/agents/run.ts`. Tokens are o200k over the whole bodies of all requests.
 */
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { type AgentName, driveAgent, totals, type Way } from "./drive-agent.ts";

const agents: readonly AgentName[] = ["codex", "opencode"];
const ways: readonly Way[] = ["natively", "codemode"];

console.log("| agent | way | requests | tokens sent | of them tool definitions | done |");
console.log("| --- | --- | --- | --- | --- | --- |");
for (const agent of agents) {
  for (const way of ways) {
    const { requests, memory } = await driveAgent(agent, way);
    const sent = requests.reduce((sum, { body }) => sum + countTokens(body), 0);
    const definitions = requests.reduce((sum, { body }) => sum + countTokens(toolsOf(body)), 0);
    const done = totals.every(
      ({ name, cents }) => memory.includes(name) && memory.includes(`${cents} cents`),
    );
    console.log(
      `| ${agent} | ${way} | ${requests.length} | ${sent} | ${definitions} | ${done ? "yes" : "no"} |`,
    );
  }
}

function toolsOf(body: string): string {
  const { tools } = JSON.parse(body) as { tools?: unknown };
  return JSON.stringify(tools ?? []);
}
