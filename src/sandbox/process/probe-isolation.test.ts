import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { isolationLevels, type IsolationLevel } from "../../spec/engine.ts";
import type { Isolation } from "./confinement.ts";
import {
  findPrograms,
  measureIsolation,
  probeIsolation,
  requireIsolation,
  type Programs,
} from "./probe-isolation.ts";
import { isOpenToAll } from "./user-state-folder.ts";

const isLinux = process.platform === "linux";
const isRoot = process.getuid?.() === 0;
const machine = await probeIsolation();
const programs = await findPrograms();
const without = (...names: readonly (keyof Programs)[]): Programs =>
  Object.fromEntries(Object.entries(programs).filter(([name]) => !names.some((left) => left === name)));
const rank = ({ level }: Isolation): number => isolationLevels.indexOf(level);

describe("probeIsolation", () => {
  it("measures once", async () => {
    expect(await probeIsolation()).toBe(machine);
  });

  it("names what is missing exactly when there is something better", () => {
    expect(machine.missing.length > 0).toBe(machine.level !== "jailed");
    for (const sentence of machine.missing) expect(sentence).toMatch(/^[A-Z`].*\.$/s);
  });

  if (!isLinux) return;

  it.each([
    { lacks: ["bwrap"], most: "namespaced", says: /install bubblewrap/ },
    { lacks: ["bwrap", "unshare"], most: "confined", says: /`unshare`.*install util-linux/ },
    { lacks: ["setpriv"], most: "process", says: /install setpriv/ },
    { lacks: ["prlimit", "sh"], most: "process", says: /limits of the kernel.*util-linux/ },
    { lacks: ["sleep"], most: "process", says: /install coreutils/ },
  ] as const)("without $lacks it is at most $most and says so", async ({ lacks, most, says }) => {
    const measured = await measureIsolation(without(...lacks));
    expect(rank(measured)).toBe(Math.min(rank(machine), isolationLevels.indexOf(most)));
    expect(measured.missing.join("\n")).toMatch(says);
  });

  it("sets limits by the shell where there is no prlimit", async () => {
    const measured = await measureIsolation(without("prlimit"));
    expect(measured.confinement.limits?.by).toBe("sh");
    expect(rank(measured)).toBeGreaterThanOrEqual(
      Math.min(rank(machine), isolationLevels.indexOf("namespaced")),
    );
  });

  it("does not believe a program that exits without doing its step", async () => {
    const sleep = programs.sleep ?? "";
    // It takes the arguments of the others for its own and runs nothing.
    const measured = await measureIsolation({ ...programs, setpriv: sleep });
    expect(measured.level).toBe("process");
    expect(measured.missing.join("\n")).toMatch(/could not be dropped/);
  });
});

describe("requireIsolation", () => {
  const weak: Isolation = { level: "confined", confinement: {}, means: {}, missing: ["Install this."] };

  it.each(isolationLevels)("at %s", (required) => {
    const enough = isolationLevels.indexOf(required) <= isolationLevels.indexOf("confined");
    if (enough) return requireIsolation(weak, required);
    expect(() => requireIsolation(weak, required)).toThrow(
      expect.objectContaining({
        code: "sandbox_too_weak",
        message: expect.stringContaining("Install this."),
      }),
    );
  });
});

const script = fileURLToPath(new URL("../../../test/fixtures/sandbox/report-isolation.ts", import.meta.url));
const answer = z.object({
  uid: z.int(),
  best: z.enum(isolationLevels),
  missing: z.array(z.string()),
  seen: z.record(z.string(), z.object({ write: z.string(), home: z.boolean(), etc: z.boolean() })),
});

const whyNotAsAnother = !isLinux
  ? "needs Linux"
  : !isRoot
    ? "needs root to become another user; these tests run as a normal one"
    : programs.setpriv === undefined || programs.unshare === undefined
      ? "needs setpriv and unshare"
      : (await isOpenToAll(process.execPath)) && (await isOpenToAll(script))
        ? undefined
        : "a normal user cannot read this Node.js or this folder";

const noUserNamespaces = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"';
const hosts: readonly {
  readonly name: string;
  readonly as: readonly string[];
  readonly uid: number;
  readonly best: IsolationLevel;
  readonly says: RegExp;
}[] = [
  {
    name: "a normal user",
    as: [programs.setpriv ?? "", "--reuid=54321", "--regid=54321", "--clear-groups", "--inh-caps=-all"],
    uid: 54_321,
    best: machine.level,
    says: /^/,
  },
  {
    name: "a root that has no other users",
    as: [programs.unshare ?? "", "--user", "--map-root-user"],
    uid: 0,
    best: "namespaced",
    says: /user root.*no users to spare/s,
  },
  {
    name: "such a root where user namespaces are forbidden",
    as: [
      programs.unshare ?? "",
      "--user",
      "--map-root-user",
      programs.sh ?? "",
      "-c",
      noUserNamespaces,
      "sh",
    ],
    uid: 0,
    best: "process",
    says: /user root.*bwrap/s,
  },
];

describe.each(hosts)("started by $name", ({ as, uid, best, says }) => {
  const name = `reaches ${best}, and each level holds what it promises`;
  if (whyNotAsAnother !== undefined)
    return it.skip(`${name} (not tested: ${whyNotAsAnother})`, () => undefined);

  it(name, async () => {
    const temporary = await mkdtemp(join(tmpdir(), "codemode-user-"));
    await chmod(temporary, 0o777);
    try {
      const [command, ...args] = [...as, process.execPath, script];
      const env = { PATH: process.env["PATH"], TMPDIR: temporary };
      const { stdout } = await promisify(execFile)(command, args, { env });
      const report = answer.parse(JSON.parse(stdout));
      expect(report.uid).toBe(uid);
      expect(report.best, report.missing.join("\n")).toBe(
        isolationLevels[Math.min(isolationLevels.indexOf(best), rank(machine))],
      );
      expect(report.missing.join("\n")).toMatch(says);
      for (const [level, { write, etc }] of Object.entries(report.seen)) {
        expect(write, level).toMatch(/^E(FBIG|ACCES|ROFS|PERM)$/);
        expect(etc, level).toBe(level !== "jailed");
      }
    } finally {
      await rm(temporary, { recursive: true });
    }
  });
});
