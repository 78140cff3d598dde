import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { identifyProcess, readPidRealm } from "./process-identity.ts";
import { sweepOrphans } from "./sweep-orphans.ts";

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), "codemode-sweep-"));
});
afterEach(() => rm(state, { recursive: true }));

const self = await identifyProcess(process.pid);
const realm = await readPidRealm();
const gone = { pid: 2 ** 30, started: "1" };

describe("sweepOrphans", () => {
  it.each([
    { name: "a living host", record: { ...self, ...realm }, swept: false },
    { name: "a dead host", record: { ...gone, ...realm }, swept: true },
    { name: "a dead host whose pid lives again", record: { ...self, started: "1", ...realm }, swept: true },
    { name: "a host of an earlier boot", record: { ...self, ...realm, boot: "another" }, swept: true },
    {
      name: "a host in another container",
      record: { ...gone, ...realm, namespace: "pid:[1]" },
      swept: false,
    },
    { name: "a folder that has not said whose it is", record: undefined, swept: false },
    { name: "a record that makes no sense", record: { pid: "1" }, swept: false },
  ])("$name: swept $swept", async ({ record, swept }) => {
    const folder = join(state, "host-1");
    // A sealed sandbox folder, as a crash leaves it.
    await mkdir(join(folder, "1"), { recursive: true });
    await writeFile(join(folder, "1", "config"), "text", { mode: 0o400 });
    await mkdir(join(folder, "2"), { mode: 0o500 });
    if (record) await writeFile(join(folder, "host.json"), JSON.stringify(record));
    expect((await sweepOrphans(state)).hosts).toBe(swept ? 1 : 0);
    expect(existsSync(folder)).toBe(!swept);
  });

  it.each([
    { seconds: 55, swept: false },
    { seconds: 65, swept: true },
  ])("a folder without a record is swept after a minute: $seconds s", async ({ seconds, swept }) => {
    const folder = join(state, "host-2");
    await mkdir(folder);
    const then = new Date(Date.now() - seconds * 1000);
    await utimes(folder, then, then);
    await sweepOrphans(state);
    expect(existsSync(folder)).toBe(!swept);
  });

  it.each([
    { days: 6.9, swept: false },
    { days: 7.1, swept: true },
  ])("a staged copy is swept after a week without use: $days days", async ({ days, swept }) => {
    const folder = join(state, "staged-1");
    await mkdir(folder);
    const then = new Date(Date.now() - days * 24 * 3_600_000);
    await utimes(folder, then, then);
    await sweepOrphans(state);
    expect(existsSync(folder)).toBe(!swept);
  });

  it("touches nothing else, and answers for a folder that is not there", async () => {
    await mkdir(join(state, "other"));
    expect(await sweepOrphans(state)).toEqual({ hosts: 0, processes: 0 });
    expect(existsSync(join(state, "other"))).toBe(true);
    expect(await sweepOrphans(join(state, "none"))).toEqual({ hosts: 0, processes: 0 });
  });
});
