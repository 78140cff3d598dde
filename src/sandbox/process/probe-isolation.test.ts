import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { isolationLevels } from "../../spec/engine.ts";
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

const whyNotAsUser = !isLinux
  ? "needs Linux"
  : !isRoot
    ? "the tests run as a normal user anyway"
    : programs.setpriv === undefined
      ? "needs setpriv to become one"
      : (await isOpenToAll(process.execPath)) && (await isOpenToAll(script))
        ? undefined
        : "a normal user cannot read this Node.js or this folder";

describe("as a normal user", () => {
  const name = "reaches the same level, each with what it promises";
  if (whyNotAsUser !== undefined) return it.skip(`${name} (not tested: ${whyNotAsUser})`, () => undefined);

  it(name, async () => {
    const temporary = await mkdtemp(join(tmpdir(), "codemode-user-"));
    await chmod(temporary, 0o777);
    try {
      const user = 54_321;
      const { stdout } = await promisify(execFile)(
        programs.setpriv ?? "",
        [`--reuid=${user}`, `--regid=${user}`, "--clear-groups", "--inh-caps=-all", process.execPath, script],
        { env: { PATH: process.env["PATH"], TMPDIR: temporary } },
      );
      const { uid, best, missing, seen } = answer.parse(JSON.parse(stdout));
      expect(uid).toBe(user);
      expect(best, missing.join("\n")).toBe(machine.level);
      for (const [level, { write, etc }] of Object.entries(seen)) {
        expect(write, level).toMatch(/^E(FBIG|ACCES|ROFS)$/);
        expect(etc, level).toBe(level !== "jailed");
      }
    } finally {
      await rm(temporary, { recursive: true });
    }
  });
});
