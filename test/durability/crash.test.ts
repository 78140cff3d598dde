/**
 * Kills a real host at random moments and recovers in another: no write is ever sent twice, none that was
 * acknowledged is lost, and whatever nobody can know is asked about. `CODEMODE_CRASHES` sets how many.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import type { RunDocument } from "../../src/spec/run.ts";

const crashes = Number(process.env["CODEMODE_CRASHES"] ?? 30);
const script = join(import.meta.dirname, "crash-host.ts");

async function host(
  folder: string,
  mode: "execute" | "recover",
  killAfterMs?: number,
): Promise<RunDocument | undefined> {
  const child = spawn(process.execPath, ["--no-warnings", script, folder, mode], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (killAfterMs !== undefined && output.startsWith("running"))
      setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  });
  await new Promise((resolve) => child.once("close", resolve));
  const last = output.trim().split("\n").at(-1) ?? "";
  return last.startsWith("{") ? (JSON.parse(last) as RunDocument) : undefined;
}

/** A dead host's lease runs out by itself; a test does not wait for that. */
function expireLeases(folder: string): void {
  const database = new DatabaseSync(join(folder, "state.db"), { timeout: 5_000 });
  database.exec("UPDATE runs SET lease_until = 0");
  database.close();
}

it(
  `survives ${crashes} kills at random moments`,
  async () => {
    const seen = { ended: 0, inDoubt: 0, nothing: 0 };
    for (let crash = 0; crash < crashes; crash += 1) {
      const folder = await mkdtemp(join(tmpdir(), "codemode-crash-"));
      const finished = await host(folder, "execute", (crash * 37) % 120);
      const effectsBefore = await effects(folder);
      if (finished === undefined) {
        try {
          expireLeases(folder);
        } catch {
          seen.nothing += 1;
          await rm(folder, { recursive: true });
          continue;
        }
      }
      const document = finished ?? (await host(folder, "recover"));
      const after = await effects(folder);
      expect(after.slice(0, effectsBefore.length)).toEqual(effectsBefore);
      expect(new Set(after).size, "no write twice").toBe(after.length);
      if (document === undefined) {
        expect(after, "no effect without a record").toEqual([]);
        seen.nothing += 1;
      } else if (document.status === "completed") {
        expect(after).toEqual([11, 22, 33, 44, 55, 66]);
        expect(document.result).toBe(231);
        seen.ended += 1;
      } else {
        expect(document).toMatchObject({
          status: "paused",
          pending: [{ kind: "in_doubt", path: "upstream.write" }],
        });
        const sure = document.writes.filter((write) => write.state === "done").length;
        expect([sure, sure + 1], "at most the one in doubt is unsure").toContain(after.length);
        seen.inDoubt += 1;
      }
      await rm(folder, { recursive: true });
    }
    console.log(`crashes: ${JSON.stringify(seen)}`);
    expect(seen.ended + seen.inDoubt).toBeGreaterThan(crashes / 2);
  },
  60_000 + crashes * 12_000,
);

async function effects(folder: string): Promise<number[]> {
  const text = await readFile(join(folder, "effects"), "utf8").catch(() => "");
  return text.split("\n").filter(Boolean).map(Number);
}
