/**
 * What the conformance suite must know of an engine to put it through its tests.
 */
import { readFileSync } from "node:fs";
import { createQuickJsEngine } from "../../src/sandbox/quickjs/create-quickjs-engine.ts";
import { createWorkerdEngine } from "../../src/sandbox/workerd/create-workerd-engine.ts";
import type { PooledEngineOptions } from "../../src/sandbox/session/create-pooled-engine.ts";
import type {
  Engine,
  EngineSession,
  GuestCall,
  GuestProgram,
  LogLine,
  StartOptions,
} from "../../src/spec/engine.ts";
import { defaultLimits } from "../../src/spec/limits.ts";

/** Options that every engine has, since they are the pool's. */
export type SubjectOptions = PooledEngineOptions;

export interface EngineSubject {
  readonly name: "workerd" | "quickjs";
  readonly create: (options?: SubjectOptions) => Engine;
  /** Part of its processes' command line. */
  readonly command: string;
}

export const engineSubjects: readonly EngineSubject[] = [
  { name: "workerd", create: createWorkerdEngine, command: "--control-fd=3" },
  { name: "quickjs", create: createQuickJsEngine, command: "--allow-fs-read=." },
];

/** The engine's own processes below this one, whatever runs between. Linux only. */
export function sandboxPids({ command }: EngineSubject): number[] {
  const found: number[] = [];
  const visit = (pid: number): void => {
    for (const child of childrenOf(pid)) {
      const line = read(`/proc/${child}/cmdline`).split("\0");
      const inner = childrenOf(child);
      if (line.includes(command) && inner.length === 0) found.push(child);
      visit(child);
    }
  };
  visit(process.pid);
  return found;
}

function childrenOf(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim();
  return children === "" ? [] : children.split(" ").map(Number);
}

/** A zombie is dead, and waits for whoever inherited it. */
export function isAlive(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`);
  return stat !== "" && !/^\d+ \(.*\) Z/.test(stat);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

export interface Observed {
  readonly session: EngineSession;
  readonly calls: readonly GuestCall[];
  readonly logs: readonly LogLine[];
}

/** Starts a program whose calls nobody answers but the test. `body` is that of the snippet's function. */
export async function observe(
  engine: Engine,
  body: string,
  program: Partial<GuestProgram> = {},
  options: StartOptions = {},
): Promise<Observed> {
  const calls: GuestCall[] = [];
  const logs: LogLine[] = [];
  const session = await engine.start(
    {
      code: `export default async () => {${body}\n}`,
      limits: defaultLimits,
      seed: "seed",
      now: 0,
      principal: "local",
      ...program,
    },
    { call: (call) => void calls.push(call), log: (line) => void logs.push(line) },
    options,
  );
  return { session, calls, logs };
}

export function untilTrue(condition: () => boolean, ms = 5_000): Promise<void> {
  const deadline = Date.now() + ms;
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (condition()) resolve();
      else if (Date.now() > deadline) reject(new Error("It did not become true."));
      else setTimeout(look, 5);
    };
    look();
  });
}
