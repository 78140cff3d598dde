import { existsSync, readdirSync, readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { startGuest } from "../../../test/fixtures/sandbox/start-guest.ts";
import { isolationLevels, type IsolationLevel } from "../../spec/engine.ts";
import { findProgram } from "./find-program.ts";
import { probeIsolation } from "./probe-isolation.ts";
import type { ConfinedProcess } from "./start-confined.ts";
import { spawnConfined } from "./spawn-confined.ts";
import { stageReadable } from "./stage-readable.ts";

const { level: best } = await probeIsolation();
const reached = isolationLevels.slice(0, isolationLevels.indexOf(best) + 1);
const beyond = isolationLevels.slice(reached.length);
const atLeast = (level: IsolationLevel, wanted: IsolationLevel): boolean =>
  isolationLevels.indexOf(level) >= isolationLevels.indexOf(wanted);
const isLinux = process.platform === "linux";
const isRoot = process.getuid?.() === 0;
const status = (pid: number, name: string): string =>
  new RegExp(`^${name}:[ \\t]*(.*)$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "";

/** Skipped by name where the system cannot show it. */
const itOnLinux = isLinux ? it : it.skip;
const itAsRoot = isRoot ? it : it.skip;

it.skip.each(beyond)("level %s: this machine does not give it", () => undefined);

describe.each(reached)("spawnConfined at level %s", (level) => {
  it("gives an empty environment and a folder with nothing but its files", async () => {
    const guest = await startGuest(
      `import { readdirSync } from "node:fs"; say([process.env, process.cwd(), readdirSync(".")]);`,
      { level, files: { "data.bin": new Uint8Array([1]) } },
    );
    await using sandbox = guest.sandbox;
    expect(await guest.hear()).toEqual([environment({}, sandbox), sandbox.folder, ["data.bin", "guest.mjs"]]);
    expect(sandbox.level).toBe(level);
  });

  it("passes on the environment it is given and no more", async () => {
    const guest = await startGuest(`say(process.env);`, { level, env: { TZ: "UTC" } });
    await using sandbox = guest.sandbox;
    expect(await guest.hear()).toEqual(environment({ TZ: "UTC" }, sandbox));
  });

  it("knows the pid of the sandbox itself", async () => {
    const guest = await startGuest(`say(process.pid);`, { level });
    await using sandbox = guest.sandbox;
    const inside = await guest.hear();
    if (!isLinux) return expect(inside).toBe(sandbox.pid);
    expect(Number(status(sandbox.pid, "NSpid").split(/\s+/).at(-1))).toBe(inside);
    expect(readFileSync(`/proc/${sandbox.pid}/cmdline`, "utf8")).toContain("guest.mjs");
  });

  if (atLeast(level, "confined"))
    itOnLinux("has no privileges and cannot get any", async () => {
      const guest = await startGuest(`say([process.getuid(), process.geteuid(), process.getgroups()]);`, {
        level,
      });
      await using sandbox = guest.sandbox;
      await guest.hear();
      expect(status(sandbox.pid, "NoNewPrivs")).toBe("1");
      for (const set of ["CapInh", "CapPrm", "CapEff", "CapAmb"])
        expect(status(sandbox.pid, set)).toMatch(/^0+$/);
      if (isRoot) {
        expect(status(sandbox.pid, "Uid").split(/\s+/)).not.toContain("0");
        expect(status(sandbox.pid, "Gid").split(/\s+/)).not.toContain("0");
        // A new user namespace comes with a full bounding set, which no-new-privileges makes void.
        if (level === "confined") expect(status(sandbox.pid, "CapBnd")).toMatch(/^0+$/);
        expect(status(sandbox.pid, "Groups").trim()).toBe("");
      }
    });

  if (atLeast(level, "confined"))
    itAsRoot("gives each sandbox a user of its own", async () => {
      const [one, two] = await Promise.all([
        startGuest(`say(1);`, { level }),
        startGuest(`say(1);`, { level }),
      ]);
      await using first = one.sandbox;
      await using second = two.sandbox;
      expect(status(first.pid, "Uid")).not.toBe(status(second.pid, "Uid"));
    });

  itOnLinux("writes no file, changes none and leaves no core", async () => {
    const guest = await startGuest(
      `import { writeFileSync, unlinkSync, appendFileSync } from "node:fs";
       process.on("SIGXFSZ", () => {});
       const attempt = (act) => { try { act(); return "done"; } catch (error) { return error.code; } };
       say({
         own: attempt(() => writeFileSync("new.txt", "text")),
         append: attempt(() => appendFileSync("guest.mjs", "text")),
         remove: attempt(() => unlinkSync("guest.mjs")),
         tmp: attempt(() => writeFileSync("/tmp/codemode-test-" + process.pid, "text")),
       });`,
      { level },
    );
    await using sandbox = guest.sandbox;
    const answer = await guest.hear();
    // A root without setpriv leaves the sandbox root: it can remove, yet still not write.
    const remove = isRoot && level === "process" ? "done" : expect.stringMatching(/^E(ACCES|ROFS|PERM)$/);
    const write = expect.stringMatching(/^E(FBIG|ACCES|ROFS|PERM|NOENT)$/);
    expect(answer).toEqual({ own: write, append: write, remove, tmp: write });
    expect(readFileSync(`/proc/${sandbox.pid}/limits`, "utf8")).toMatch(/Max core file size\s+0 /);
    for (const name of readdirSync("/tmp").filter((entry) => entry.startsWith("codemode-test-")))
      await rm(join("/tmp", name));
  });

  it("makes a socket the host can reach until it is sealed", async () => {
    const guest = await startGuest(
      `import { createServer } from "node:net";
       const listen = (path) => new Promise((resolve) => {
         createServer((socket) => socket.end("hello")).on("error", (error) => resolve(error.code)).listen(path, () => resolve("listens"));
       });
       say(await listen("a.sock"));
       await told();
       say(await listen("b.sock"));`,
      { level, makesSocket: true },
    );
    await using sandbox = guest.sandbox;
    expect(await guest.hear()).toBe("listens");
    await sandbox.seal();
    const [answer] = await once(connect(join(sandbox.folder, "a.sock")).setEncoding("utf8"), "data");
    expect(answer).toBe("hello");
    guest.tell("go on");
    expect(await guest.hear()).toBe(isRoot && level === "process" ? "listens" : "EACCES");
  });

  it(
    atLeast(level, "namespaced") ? "has no route to the host's network" : "shares the host's network",
    async () => {
      let connections = 0;
      const server = createServer((socket) => {
        connections += 1;
        socket.end();
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      const port = typeof address === "object" ? address?.port : undefined;
      const guest = await startGuest(
        `import { connect } from "node:net";
       const socket = connect(${port}, "127.0.0.1");
       socket.on("connect", () => say("connected")).on("error", (error) => say(error.code));`,
        { level },
      );
      await using _ = guest.sandbox;
      const answer = await guest.hear();
      server.close();
      if (atLeast(level, "namespaced")) {
        expect(answer).toMatch(/^E(CONNREFUSED|NETUNREACH|AFNOSUPPORT)$/);
        expect(connections).toBe(0);
      } else {
        expect(answer).toBe("connected");
      }
    },
  );

  itOnLinux("sees files as its level says", async () => {
    const guest = await startGuest(
      `import { existsSync, readdirSync } from "node:fs";
       say({ etc: existsSync("/etc/passwd"), home: existsSync("/home"), proc: existsSync("/proc/1"), root: readdirSync("/") });`,
      { level },
    );
    await using _ = guest.sandbox;
    const seen = await guest.hear();
    if (level === "jailed") expect(seen).toMatchObject({ etc: false, home: false, proc: false });
    else expect(seen).toMatchObject({ etc: true });
  });

  // Without a user or a pid namespace of its own, a child that leaves the group is found by nothing.
  const escapes = !isLinux || level === "process" || (level === "confined" && !isRoot);
  it.each([false, ...(escapes ? [] : [true])])(
    "is killed with its children (in a group of their own: %s), and its folder goes with it",
    async (detached) => {
      const guest = await startGuest(
        `import { spawn } from "node:child_process";
       try {
         const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore", detached: ${detached} });
         child.on("error", (error) => say(error.code)).on("spawn", () => say("spawned"));
       } catch (error) { say(error.code); }
       setInterval(() => {}, 1000);`,
        { level },
      );
      const { sandbox } = guest;
      const answer = await guest.hear();
      const family = isLinux ? familyOf(sandbox.pid) : [sandbox.pid];
      // A jail's filter refuses the child itself.
      if (answer !== "EPERM") expect(family.length).toBeGreaterThan(isLinux ? 1 : 0);
      await sandbox.kill();
      await sandbox.kill();
      expect((await sandbox.exited).signal).toBe("SIGKILL");
      expect(existsSync(sandbox.folder)).toBe(false);
      expect(existsSync(`${sandbox.folder}.json`)).toBe(false);
      await expect.poll(() => family.filter((pid) => isAlive(pid))).toEqual([]);
    },
  );

  it("tells how it ended and its last words", async () => {
    const guest = await startGuest(
      `console.error("x".repeat(20_000) + "last words"); process.exitCode = 7;
      host.destroy();`,
      { level },
    );
    const exit = await guest.sandbox.exited;
    expect(exit).toMatchObject({ code: 7, signal: null });
    expect(exit.stderr).toMatch(/last words\s*$/);
    expect(exit.stderr.length).toBe(8192);
  });
});

describe("spawnConfined", () => {
  it("says so when the program is not there", async () => {
    for (const level of reached) {
      const options = {
        command: "/nowhere/engine",
        args: [],
        memory: { baselineMb: 64, budgetMb: 0 },
        level,
      };
      await expect(spawnConfined(options)).rejects.toMatchObject({
        code: "sandbox_unavailable",
        message: expect.stringContaining("/nowhere/engine"),
      });
    }
  });

  itAsRoot("starts a program that only root can reach, with what it reads", async () => {
    const cat = await findProgram("cat");
    if (cat === undefined) throw new Error("this machine has no `cat`");
    const hidden = await mkdtemp(join(tmpdir(), "codemode-hidden-"));
    try {
      await copyFile(cat, join(hidden, "cat"));
      await mkdir(join(hidden, "data"));
      await writeFile(join(hidden, "data", "text"), "read by the sandbox", { mode: 0o600 });
      for (const level of reached) {
        await using sandbox = await spawnConfined({
          command: join(hidden, "cat"),
          // The last "-" keeps it alive until its input ends: what ends at once may be gone before its pid is found.
          args: [join(hidden, "data", "text"), "-"],
          readable: [join(hidden, "data")],
          memory: { baselineMb: 64, budgetMb: 0 },
          standardStreams: true,
          level,
        });
        if (!sandbox.stdout) throw new Error("the sandbox has no stdout");
        const said = text(sandbox.stdout);
        sandbox.stdin?.end();
        expect(await sandbox.exited, level).toMatchObject({ code: 0, stderr: "" });
        expect(await said).toBe("read by the sandbox");
      }
    } finally {
      for (const path of [join(hidden, "cat"), join(hidden, "data")]) {
        await rm(dirname(await stageReadable(path)), { recursive: true });
      }
      await rm(hidden, { recursive: true });
    }
  });
});

/** `bwrap` sets PWD and cannot be told not to. */
function environment(
  given: Record<string, string>,
  { level, folder }: ConfinedProcess,
): Record<string, string> {
  return level === "jailed" ? { ...given, PWD: folder } : given;
}

function familyOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return [pid, ...(children === "" ? [] : children.split(" ").map(Number))];
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !status(pid, "State").startsWith("Z");
}
