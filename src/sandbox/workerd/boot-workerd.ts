/**
 * Boots one workerd process, confined, up to a supervisor that answers, and keeps one answered connection
 * ready for the next run. Which run that is is the pool's.
 */
import { CodemodeError } from "../../errors.ts";
import type { IsolationLevel } from "../../spec/engine.ts";
import type { ConfinedExit } from "../process/guard-child.ts";
import { spawnConfined } from "../process/spawn-confined.ts";
import type { ConfinedProcess } from "../process/start-confined.ts";
import type { SandboxProcess } from "../session/sandbox-process.ts";
import { openSupervisorConnection, type SupervisorConnection } from "./supervisor-connection.ts";
import type { WorkerdBinary } from "./workerd-binary.ts";
import { writeConfig } from "./write-config.ts";

export interface BootOptions {
  readonly binary: WorkerdBinary;
  readonly memoryMb: number;
  readonly level?: IsolationLevel | undefined;
}

/** RLIMIT_DATA of an idle process: V8 reserves far more than it touches. */
const baselineMb = 535;
const bootMs = 10_000;
/** Milliseconds a process may take to finish with a run that has ended. */
const renewMs = 400;
const socketName = "bridge.sock";

/** Throws `sandbox_unavailable`. */
export async function bootWorkerd({ binary, memoryMb, level }: BootOptions): Promise<SandboxProcess> {
  const confined = await spawnConfined({
    command: binary.path,
    args: ["serve", "config.capnp", "--experimental", "--control-fd=3"],
    files: { "config.capnp": writeConfig({ socketPath: socketName, heapMb: memoryMb }) },
    makesSocket: true,
    // The same time zone and locale on every machine, also where the sandbox can read the machine's own.
    env: { TZ: "UTC", LC_ALL: "en_US.UTF-8" },
    memory: { baselineMb, budgetMb: memoryMb },
    pipes: 1,
    ...(level !== undefined && { level }),
  });
  try {
    await untilListening(confined);
    await confined.seal();
    const socketPath = `${confined.folder}/${socketName}`;
    return toProcess(confined, () => openSupervisorConnection(socketPath, renewMs));
  } catch (thrown) {
    await confined.kill();
    throw thrown;
  }
}

async function toProcess(
  confined: ConfinedProcess,
  open: () => Promise<SupervisorConnection>,
): Promise<SandboxProcess> {
  let next: SupervisorConnection | undefined = await open();
  return {
    pid: confined.pid,
    exited: confined.exited.then(withSignal),
    kill: () => confined.kill(),
    async takeConnection() {
      const waiting = next;
      next = undefined;
      if (waiting?.isFresh() === true) return waiting;
      waiting?.close();
      return open();
    },
    async renewConnection() {
      next = await open();
    },
  };
}

/** The control descriptor says `{"event":"listen",…}` in a line of its own. */
async function untilListening(confined: ConfinedProcess): Promise<void> {
  const [control] = confined.pipes;
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const fail = (how: string): void => {
    const message = `workerd ${how}: ${confined.stderr().trim() || "it said nothing"}`;
    reject(new CodemodeError("sandbox_unavailable", message, { hint: "Run codemode doctor." }));
  };
  const timer = setTimeout(() => fail(`did not start within ${bootMs} ms`), bootMs);
  void confined.exited.then(() => fail("ended before it listened"));
  let said = "";
  const listen = (chunk: Buffer): void => {
    said = (said + chunk.toString("latin1")).slice(-1_000);
    if (said.includes('"listen"')) resolve(undefined);
  };
  control?.on("data", listen);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    control?.off("data", listen);
  }
}

/** The runtime catches the signals of a crash, writes them down and exits with a code. */
function withSignal(exit: ConfinedExit): ConfinedExit {
  const crashed = exit.signal === null && exit.stderr.includes("*** Received signal #");
  return crashed ? { ...exit, signal: "SIGABRT" } : exit;
}
