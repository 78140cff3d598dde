import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { startGuest } from "../../../test/fixtures/sandbox/start-guest.ts";
import { findProgram } from "./find-program.ts";
import { probeIsolation } from "./probe-isolation.ts";
import { makeSeccompFilter } from "./seccomp-filter.ts";
import { spawnConfined } from "./spawn-confined.ts";

describe("makeSeccompFilter", () => {
  it.each(["x64", "arm64"])("is a well-formed program for %s whose jumps stay inside", (arch) => {
    const filter = makeSeccompFilter(arch);
    if (!filter) throw new Error("there is none");
    expect(filter.length % 8).toBe(0);
    const view = new DataView(filter.buffer);
    const length = filter.length / 8;
    expect(length).toBeLessThan(4096);
    for (let at = 0; at < length; at += 1) {
      const furthest = at + 1 + Math.max(view.getUint8(at * 8 + 2), view.getUint8(at * 8 + 3));
      expect(furthest, `instruction ${at}`).toBeLessThanOrEqual(at === length - 1 ? length : length - 1);
    }
    expect(view.getUint16((length - 1) * 8, true), "ends with an answer").toBe(0x06);
  });

  it("names no call twice", () => {
    for (const arch of ["x64", "arm64"]) {
      const view = new DataView(makeSeccompFilter(arch)?.buffer ?? new ArrayBuffer(0));
      const compared: number[] = [];
      for (let at = 4; at < view.byteLength / 8; at += 1) {
        if (view.getUint16(at * 8, true) === 0x15) compared.push(view.getUint32(at * 8 + 4, true));
      }
      // The last seven compare the two socket calls, their arguments, and clone.
      expect(new Set(compared.slice(0, -7)).size).toBe(compared.length - 7);
    }
  });

  it("has none for machines it does not know", () => {
    expect(makeSeccompFilter("mips")).toBeUndefined();
  });
});

const { confinement } = await probeIsolation();
const perl = await findProgram("perl");
const levels = [
  ["namespaced", confinement.filter ? undefined : "this machine cannot put a filter without a jail"],
  ["jailed", confinement.jail?.seccomp ? undefined : "this machine gives no jail with a filter"],
] as const;

describe.each(levels)("at level %s", (level, whyNot) => {
  const processes = "there are no further processes";
  const sockets = "there are local sockets to listen on and no others";
  const paths = "no path can be connected to, and no file made, changed or removed";
  const calls = "what is denied is denied and the rest is not";
  if (whyNot !== undefined) {
    for (const name of [processes, sockets, paths, calls])
      it.skip(`${name} (not tested: ${whyNot})`, () => undefined);
    return;
  }

  it(processes, async () => {
    const guest = await startGuest(
      `import { spawn } from "node:child_process";
       import { Worker } from "node:worker_threads";
       try { spawn(process.execPath, ["-e", "0"]).on("error", (error) => say(error.code)); } catch (error) { say(error.code); }
       new Worker("require('node:worker_threads').parentPort.postMessage('thread')", { eval: true }).on("message", say);`,
      { level },
    );
    await using _ = guest.sandbox;
    expect([await guest.hear(), await guest.hear()]).toEqual(["EPERM", "thread"]);
  });

  it(sockets, async () => {
    const guest = await startGuest(
      `import { connect, createServer } from "node:net";
       import { createSocket } from "node:dgram";
       const attempt = (start) => new Promise((resolve) => start(resolve));
       say(await attempt((done) => connect(80, "127.0.0.1").on("error", (error) => done(error.code))));
       say(await attempt((done) => { try { createSocket("udp4").on("error", (error) => done(error.code)).bind(0); } catch (error) { done(error.code); } }));
       say(await attempt((done) => createServer().listen("local.sock", () => done("listens"))));`,
      { makesSocket: true, level },
    );
    await using _ = guest.sandbox;
    expect(await guest.hear()).toBe("EAFNOSUPPORT");
    expect(await guest.hear()).toBe("EAFNOSUPPORT");
    expect(await guest.hear()).toBe("listens");
  });

  it(paths, async () => {
    const folder = await mkdtemp("/tmp/codemode-paths-");
    await chmod(folder, 0o777);
    const file = join(folder, "there");
    await writeFile(file, "text");
    await chmod(file, 0o666);
    const server = createServer((socket) => socket.end("reached")).listen(join(folder, "host.sock"));
    await once(server, "listening");
    await chmod(join(folder, "host.sock"), 0o777);
    try {
      const guest = await startGuest(
        `import { chmodSync, linkSync, mkdirSync, openSync, renameSync, symlinkSync, truncateSync, unlinkSync, utimesSync } from "node:fs";
         import { connect } from "node:net";
         const attempt = (act) => { try { act(); return "done"; } catch (error) { return error.code; } };
         const [folder, file] = ${JSON.stringify([folder, file])};
         say(await new Promise((done) => connect(folder + "/host.sock").on("data", () => done("reached")).on("error", (error) => done(error.code))));
         say([
           ...[folder, "/tmp", "/dev/shm"].map((place) => attempt(() => openSync(place + "/codemode-new", "w"))),
           ...[folder, "/tmp", "/dev/shm"].map((place) => attempt(() => mkdirSync(place + "/codemode-new"))),
           attempt(() => openSync(file, "w")), attempt(() => openSync(file, "r+")), attempt(() => openSync(file, "a")), attempt(() => truncateSync(file)), attempt(() => unlinkSync(file)),
           attempt(() => renameSync(file, file + "2")), attempt(() => linkSync(file, file + "2")), attempt(() => symlinkSync(file, file + "2")),
           attempt(() => chmodSync(file, 0)), attempt(() => utimesSync(file, 0, 0)),
         ]);`,
        { level },
      );
      await using _ = guest.sandbox;
      expect(await guest.hear()).toBe("EPERM");
      const answers = await guest.hear();
      expect(answers).toHaveLength(16);
      for (const answer of Array.isArray(answers) ? answers : []) expect(answer).toBe("EPERM");
      expect(await readFile(file, "utf8")).toBe("text");
      expect(await readdir(folder)).toEqual(["host.sock", "there"]);
    } finally {
      server.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  if (perl === undefined || process.arch !== "x64") {
    it.skip(`${calls} (not tested: needs perl on x64)`, () => undefined);
    return;
  }
  it(calls, async () => {
    const denied = {
      ptrace: 101,
      mount: 165,
      unshare: 272,
      bpf: 321,
      io_uring_setup: 425,
      keyctl: 250,
      shmget: 29,
      fork: 57,
      connect: 42,
      creat: 85,
    };
    const allowed = { getpid: 39, getuid: 102, sched_yield: 24 };
    /** Of families and kinds: [a socket's answer, a pair's answer]; 97 is EAFNOSUPPORT. */
    const sockets = {
      "1,1": "ok",
      "1,2": 1,
      "1,5": 1,
      "2,1": 97,
      "10,1": 97,
      "16,3": 97,
      "17,3": 97,
      "38,5": 97,
      "40,1": 97,
    };
    const script = `for my $nr (@ARGV) { my @call = split(/,/, $nr); $! = 0; my $got = @call > 1 ? syscall(41, $call[0] + 0, $call[1] + 0, 0) : syscall($nr, 0, 0, 0, 0, 0); print "$nr:", $got < 0 ? $!+0 : "ok", "\\n"; }
      my $pair = "\\0" x 8; print "dgram pair:", syscall(53, 1, 2, 0, $pair) < 0 ? $!+0 : "ok", "\\n"; print "stream pair:", syscall(53, 1, 1, 0, $pair) < 0 ? $!+0 : "ok", "\\n";`;
    await using sandbox = await spawnConfined({
      command: perl,
      args: [
        "-e",
        script,
        ...[...Object.values(denied), ...Object.values(allowed), 435, 437].map(String),
        ...Object.keys(sockets),
      ],
      memory: { baselineMb: 64, budgetMb: 16 },
      standardStreams: true,
      level,
    });
    const said = await text(sandbox.stdout ?? (await Promise.reject(new Error("no stdout"))));
    const eperm = Object.values(denied).map((number) => `${number}:1`);
    const fine = Object.values(allowed).map((number) => `${number}:ok`);
    const made = Object.entries(sockets).map(([kind, answer]) => `${kind}:${answer}`);
    expect(said.trim().split("\n"), sandbox.stderr()).toEqual([
      ...eperm,
      ...fine,
      "435:38",
      "437:38",
      ...made,
      "dgram pair:1",
      "stream pair:ok",
    ]);
  });
});
