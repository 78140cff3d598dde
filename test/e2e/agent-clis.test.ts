/** Real agents from npm do a task of several steps through `codemode serve`: their prompts, their MCP clients. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { driveAgent, lastWords, totals } from "../../bench/agents/drive-agent.ts";
import { root } from "../fixtures/built-cli.ts";

const folder = join(root, "bench/agents");

describe("an agent's command line", () => {
  // Its packages are large, and dependencies of these measurements alone. Of their builds for other platforms some are
  // in no registry at any time, so that no lock file holds them all: the versions are pinned in package.json.
  beforeAll(async () => {
    if (!existsSync(join(folder, "node_modules/opencode-ai")))
      await promisify(execFile)("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund"], {
        cwd: folder,
      });
  }, 300_000);

  it.each(["codex", "opencode"] as const)(
    "%s searches, runs one program over two servers, and is done",
    async (agent) => {
      const { requests, output, memory } = await driveAgent(agent, "codemode");
      expect(output).toContain(lastWords);
      expect(requests).toHaveLength(3);
      const [found = "", result = ""] = requests.at(-1)?.results ?? [];
      expect(found).toContain("tools.files.read_text_file");
      expect(found).toContain("tools.memory.create_entities");
      expect(result).toContain(String(totals.length));
      for (const { name, cents } of totals) {
        expect(memory).toContain(`"name":"${name}"`);
        expect(memory).toContain(`${cents} cents`);
      }
    },
    180_000,
  );
});
