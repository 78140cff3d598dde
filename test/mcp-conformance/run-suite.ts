/**
 * Runs the official suite as its own program and reads what it says of each scenario.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Suite = "mcp-conformance" | "mcp-conformance-next";

const root = join(import.meta.dirname, "../..");

/** Exit code and output; nothing is left behind. */
export async function runSuite(
  suite: Suite,
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly output: string }> {
  const folder = await mkdtemp(join(tmpdir(), "codemode-conformance-"));
  const program = join(root, "node_modules", suite, "dist/index.js");
  try {
    const child = spawn(process.execPath, [program, ...args, "-o", folder], { cwd: folder });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    const code = await new Promise<number | null>((resolve) => {
      child.once("close", resolve);
    });
    return { code, output };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Scenario → whether it passed, from the summary. */
export function readSummary(output: string): Map<string, boolean> {
  const summary = output.slice(output.indexOf("=== SUMMARY ==="));
  const lines = summary.matchAll(/^([✓✗]) ([\w-]+): \d+ passed/gm);
  return new Map([...lines].map(([, mark, scenario = ""]) => [scenario, mark === "✓"]));
}
