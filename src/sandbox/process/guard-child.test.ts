import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { guardChild } from "./guard-child.ts";
import { readProcStat } from "./proc-stat.ts";

it.runIf(process.platform === "linux")("ends what a wrapper left behind that was killed itself", async () => {
  const folder = await mkdtemp(join(tmpdir(), "codemode-"));
  try {
    const child = spawn("/bin/sh", ["-c", "sleep 300 & echo $!; wait"], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const guard = guardChild(child, {
      record: join(folder, "record.json"),
      release: () => Promise.resolve(),
    });
    const orphan = await new Promise<number>((resolve) =>
      child.stdout.once("data", (text: Buffer) => resolve(Number(text))),
    );
    expect(readProcStat(orphan)).toBeDefined();
    process.kill(child.pid ?? 0, "SIGKILL");
    await guard.exited;
    await expect.poll(() => readProcStat(orphan), { timeout: 5_000 }).toBeUndefined();
    await guard.kill();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
