import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { isolationLevels } from "../../spec/engine.ts";
import { identifyProcess, isRunning, type ProcessIdentity } from "./process-identity.ts";
import { probeIsolation } from "./probe-isolation.ts";
import { sweepOrphans } from "./sweep-orphans.ts";

const { level: best } = await probeIsolation();
const reached = isolationLevels.slice(0, isolationLevels.indexOf(best) + 1);
const script = fileURLToPath(new URL("../../../test/fixtures/sandbox/doomed-host.ts", import.meta.url));
const said = z.object({ pids: z.array(z.int()), folder: z.string() });
const hosts: ChildProcess[] = [];

interface Doomed {
  readonly host: ChildProcess;
  readonly closed: Promise<unknown>;
  readonly sandboxes: readonly ProcessIdentity[];
  readonly folder: string;
}

async function startDoomedHost(levels: readonly string[]): Promise<Doomed> {
  const host = spawn(process.execPath, [script, ...levels], {
    stdio: ["ignore", "pipe", "inherit"],
    // A place of its own, so that no other host of this user sweeps it meanwhile.
    env: { ...process.env, TMPDIR: temporary, XDG_RUNTIME_DIR: "" },
  });
  hosts.push(host);
  const line: unknown = (await once(createInterface({ input: host.stdout }), "line"))[0];
  const { pids, folder } = said.parse(JSON.parse(String(line)));
  return {
    host,
    closed: once(host, "close"),
    sandboxes: await Promise.all(pids.map(identifyProcess)),
    folder,
  };
}

async function alive(sandboxes: readonly ProcessIdentity[]): Promise<number> {
  return (await Promise.all(sandboxes.map(isRunning))).filter(Boolean).length;
}

let temporary: string;
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), "codemode-death-"));
  await chmod(temporary, 0o711);
});
afterAll(() => rm(temporary, { recursive: true }));

afterEach(() => {
  for (const host of hosts.splice(0)) host.kill("SIGKILL");
});

describe("when the host dies", () => {
  it.each(reached)(
    "by SIGKILL, a sandbox at level %s dies with it and a later start sweeps its folder",
    async (level) => {
      const { host, closed, sandboxes, folder } = await startDoomedHost([level]);
      expect(await alive(sandboxes)).toBe(1);
      host.kill("SIGKILL");
      await expect.poll(() => alive(sandboxes), { timeout: 3_000 }).toBe(0);
      await closed;
      expect(existsSync(folder)).toBe(true);
      expect((await sweepOrphans(dirname(folder))).hosts).toBeGreaterThan(0);
      expect(existsSync(folder)).toBe(false);
    },
  );

  it("by process.exit, nothing is left of any of its sandboxes", async () => {
    const { host, closed, sandboxes, folder } = await startDoomedHost(reached);
    expect(await alive(sandboxes)).toBe(reached.length);
    host.kill("SIGTERM");
    expect(await closed).toEqual([3, null]);
    await expect.poll(() => alive(sandboxes), { timeout: 3_000 }).toBe(0);
    expect(existsSync(folder)).toBe(false);
  });
});

describe("sweepOrphans", () => {
  it("leaves a living host and its sandboxes alone", async () => {
    const { sandboxes, folder } = await startDoomedHost(reached);
    await sweepOrphans(dirname(folder));
    expect(await alive(sandboxes)).toBe(reached.length);
    expect(existsSync(folder)).toBe(true);
  });

  it("ends a process that a dead host noted down, and spares one that only has its pid", async () => {
    const { host, closed, folder } = await startDoomedHost([]);
    const sleepers = [0, 1].map(() =>
      spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" }),
    );
    hosts.push(...sleepers);
    const [left, stranger] = await Promise.all(sleepers.map(({ pid = 0 }) => identifyProcess(pid)));
    if (!left || !stranger) throw new Error("the processes did not start");
    await writeFile(join(folder, "x1.json"), JSON.stringify(left));
    await writeFile(join(folder, "x2.json"), JSON.stringify({ ...stranger, started: "1" }));
    await writeFile(join(folder, "x3.json"), '{"pid": 1, "started": "1"}');
    await writeFile(join(folder, "x4.json"), "not JSON");
    host.kill("SIGKILL");
    await closed;
    expect((await sweepOrphans(dirname(folder))).processes).toBe(1);
    expect(await alive([left])).toBe(0);
    expect(await alive([stranger])).toBe(1);
  });
});
