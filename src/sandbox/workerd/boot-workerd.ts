/**
 * Boots one workerd process, confined, up to a supervisor that answers. Which run it serves is the pool's.
 */
import type { Duplex } from "node:stream";
import { CodemodeError } from "../../errors.ts";
import type { IsolationLevel } from "../../spec/engine.ts";
import { spawnConfined } from "../process/spawn-confined.ts";
import type { ConfinedProcess } from "../process/start-confined.ts";
import { openSupervisorConnection, type SupervisorConnection } from "./supervisor-connection.ts";
import type { WorkerdBinary } from "./workerd-binary.ts";
import { writeConfig } from "./write-config.ts";

export interface WorkerdProcess {
  readonly confined: ConfinedProcess;
  /** A connection that has been answered, for the next run. */
  connect(): Promise<SupervisorConnection>;
}

export interface BootOptions {
  readonly binary: WorkerdBinary;
  readonly memoryMb: number;
  readonly level?: IsolationLevel;
}

/** RLIMIT_DATA of an idle process: V8 reserves far more than it touches. */
const baselineMb = 535;
const bootMs = 10_000;
const socketName = "bridge.sock";

/** Throws `sandbox_unavailable`. */
export async function bootWorkerd({ binary, memoryMb, level }: BootOptions): Promise<WorkerdProcess> {
  const confined = await spawnConfined({
    command: binary.path,
    args: ["serve", "config.capnp", "--experimental", "--control-fd=3"],
    files: { "config.capnp": writeConfig({ socketPath: socketName, heapMb: memoryMb }) },
    makesSocket: true,
    memory: { baselineMb, budgetMb: memoryMb },
    pipes: 1,
    ...(level !== undefined && { level }),
  });
  try {
    await untilListening(confined);
    await confined.seal();
    const socketPath = `${confined.folder}/${socketName}`;
    return { confined, connect: () => openSupervisorConnection(socketPath) };
  } catch (thrown) {
    await confined.kill();
    throw thrown;
  }
}

/** The control descriptor says `{"event":"listen",…}` in a line of its own. */
async function untilListening({ pipes: [control], exited, stderr }: ConfinedProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const fail = (how: string): void => {
    const message = `workerd ${how}: ${stderr().trim() || "it said nothing"}`;
    reject(new CodemodeError("sandbox_unavailable", message, { hint: "Run codemode doctor." }));
  };
  const timer = setTimeout(() => fail(`did not start within ${bootMs} ms`), bootMs);
  void exited.then(() => fail("ended before it listened"));
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
    (control satisfies Duplex | undefined)?.off("data", listen);
  }
}
