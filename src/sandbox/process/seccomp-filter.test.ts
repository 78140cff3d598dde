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
      // The last three compare the socket call, its argument, and clone.
      expect(new Set(compared.slice(0, -3)).size).toBe(compared.length - 3);
    }
  });

  it("has none for machines it does not know", () => {
    expect(makeSeccompFilter("mips")).toBeUndefined();
  });
});

const { confinement } = await probeIsolation();
const perl = await findProgram("perl");
const whyNot = confinement.jail?.seccomp ? undefined : "this machine gives no jail with a filter";

describe("in a jail", () => {
  const processes = "there are no further processes";
  const sockets = "there are local sockets and no others";
  const calls = "what is denied is denied and the rest is not";
  if (whyNot !== undefined) {
    for (const name of [processes, sockets, calls])
      it.skip(`${name} (not tested: ${whyNot})`, () => undefined);
    return;
  }

  it(processes, async () => {
    const guest = await startGuest(
      `import { spawn } from "node:child_process";
       import { Worker } from "node:worker_threads";
       try { spawn(process.execPath, ["-e", "0"]).on("error", (error) => say(error.code)); } catch (error) { say(error.code); }
       new Worker("require('node:worker_threads').parentPort.postMessage('thread')", { eval: true }).on("message", say);`,
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
      { makesSocket: true },
    );
    await using _ = guest.sandbox;
    expect(await guest.hear()).toBe("EAFNOSUPPORT");
    expect(await guest.hear()).toBe("EAFNOSUPPORT");
    expect(await guest.hear()).toBe("listens");
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
    };
    const allowed = { getpid: 39, getuid: 102, sched_yield: 24 };
    const script = `for my $nr (@ARGV) { $! = 0; my $got = syscall($nr, 0, 0, 0, 0, 0); print "$nr:", $got < 0 ? $!+0 : "ok", "\\n"; } <STDIN>;`;
    await using sandbox = await spawnConfined({
      command: perl,
      args: ["-e", script, ...[...Object.values(denied), ...Object.values(allowed), 435].map(String)],
      memory: { baselineMb: 64, budgetMb: 16 },
      standardStreams: true,
    });
    // It waits for its input to end: what ends at once may be gone before its pid is found.
    sandbox.stdin?.end();
    const said = await text(sandbox.stdout ?? (await Promise.reject(new Error("no stdout"))));
    const eperm = Object.values(denied).map((number) => `${number}:1`);
    const fine = Object.values(allowed).map((number) => `${number}:ok`);
    expect(said.trim().split("\n"), sandbox.stderr()).toEqual([...eperm, ...fine, "435:38"]);
  });
});
