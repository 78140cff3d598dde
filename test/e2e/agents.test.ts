/** The examples of agents, each with its real SDK, driven by a model that follows a script. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../fixtures/built-cli.ts";
import { startScriptedModel, type Turn } from "../fixtures/scripted-model.ts";

const run = promisify(execFile);
const folder = join(root, "examples/agents");

/** A question, a wrong program, a right one, and the last words. */
const turns: readonly Turn[] = [
  { tool: /^search$/, input: { query: "how many are left" } },
  { tool: /^execute$/, input: { code: "return await tools.stock.cuont({ item: 'kites' })" } },
  {
    tool: /^execute$/,
    input: {
      code: `const items = await tools.stock.listItems({});
const counts = await Promise.all(items.map((item) => tools.stock.count({ item: item as "kites" })));
return counts.filter(({ left }) => left < 5).map(({ item }) => item);`,
    },
  },
  { text: "Kites and chairs are nearly gone." },
];

const examples: readonly (readonly [file: string, path: string])[] = [
  ["openai.ts", "/v1/chat/completions"],
  ["openai-responses.ts", "/v1/responses"],
  ["anthropic.ts", "/v1/messages"],
  ["tanstack.ts", "/v1/chat/completions"],
  ["langchain.ts", "/v1/chat/completions"],
  ["mastra.ts", "/v1/chat/completions"],
];

describe("agents with the two tools", () => {
  // The SDKs are dependencies of the examples alone.
  beforeAll(async () => {
    if (!existsSync(join(folder, "node_modules/@mastra/core")))
      await run("npm", ["ci", "--no-audit", "--no-fund", "--prefix", folder]);
  }, 300_000);

  it("type-check", async () => {
    await run(join(root, "node_modules/.bin/tsc"), ["-p", folder, "--noEmit"]);
  }, 120_000);

  it.each(examples)(
    "%s searches, is told of its mistake, and answers",
    async (file, path) => {
      await using model = await startScriptedModel(turns);
      const { stdout } = await run(process.execPath, [join(folder, file)], {
        env: {
          ...process.env,
          OPENAI_BASE_URL: `${model.origin}/v1`,
          OPENAI_API_KEY: "none",
          ANTHROPIC_BASE_URL: model.origin,
          ANTHROPIC_API_KEY: "none",
        },
      });
      expect(stdout.trim()).toBe("Kites and chairs are nearly gone.");
      expect(model.requests.map((request) => request.path)).toEqual(turns.map(() => path));
      const last = model.requests.at(-1);
      expect(last?.tools.toSorted()).toEqual(["execute", "search"]);
      const [found, mistake, result] = last?.results ?? [];
      expect(found).toContain("stock.count");
      expect(mistake).toContain("tools.stock has no tool cuont");
      expect(mistake).toContain("count");
      expect(result).toContain('["kites","chairs"]');
    },
    120_000,
  );
});
