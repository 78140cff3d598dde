/**
 * An engine without a sandbox that keeps the contract of one: numbers calls in issue order, releases one
 * delivery per macrotask with its microtasks run to the end, and moves its clock by deliveries alone. Its
 * programs are trees. It writes down what each session issued and was given.
 */
import { setImmediate as macrotask } from "node:timers";
import type {
  Delivery,
  Engine,
  EngineSession,
  GuestListener,
  GuestOutcome,
  GuestProgram,
} from "../../../src/spec/engine.ts";
import type { Value } from "../../../src/spec/value.ts";
import { evaluateTree, type Tree } from "./program-tree.ts";

export const build = "simulated 1";

export interface SimulatedEngine extends Engine {
  /** Ends every session in silence: nothing is heard of any of them again. */
  kill(): void;
}

export interface SimulatedEngineOptions {
  /** Told of everything that happens, so that a scheduler knows when all is quiet. */
  readonly active: () => void;
  /** What one session issued and was given, in order; grows while it lasts. */
  readonly begin: () => string[];
}

export function createSimulatedEngine(options: SimulatedEngineOptions): SimulatedEngine {
  const sessions = new Set<SimulatedSession>();
  return {
    name: "simulated",
    ready: () => Promise.resolve({ engine: "simulated", build, level: "process", means: {}, missing: [] }),
    start: (program, listener) => {
      const session = new SimulatedSession(program, {
        listener,
        trace: options.begin(),
        active: options.active,
      });
      sessions.add(session);
      return Promise.resolve(session);
    },
    kill: () => {
      for (const session of sessions) session.silence();
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

interface Surroundings {
  readonly listener: GuestListener;
  readonly trace: string[];
  readonly active: () => void;
}

class SimulatedSession implements EngineSession {
  readonly outcome: Promise<GuestOutcome>;
  readonly #end: (outcome: GuestOutcome) => void;
  readonly #surroundings: Surroundings;
  readonly #open = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  readonly #queue: Delivery[] = [];
  readonly #idle: (() => void)[] = [];
  #busy = true;
  #issued = 0;
  #over = false;

  constructor({ code }: GuestProgram, surroundings: Surroundings) {
    const { promise, resolve } = Promise.withResolvers<GuestOutcome>();
    this.outcome = promise;
    this.#end = (outcome) => {
      if (this.#over) return;
      this.#over = true;
      resolve(outcome);
    };
    this.#surroundings = surroundings;
    const tree = JSON.parse(
      JSON.parse(/return \(?("(?:[^"\\]|\\.)*")/.exec(code)?.[1] ?? "null") as string,
    ) as Tree;
    macrotask(() => {
      void evaluateTree(tree, (leaf) => this.#issue(leaf)).then(
        (value) => this.#end({ status: "completed", value: value as Value }),
        (error: unknown) =>
          this.#end({ status: "failed", error: { code: "snippet_threw", message: JSON.stringify(error) } }),
      );
      macrotask(() => this.#next());
    });
  }

  deliver(delivery: Delivery): void {
    if (this.#over) return;
    this.#queue.push(delivery);
    if (this.#busy) return;
    this.#busy = true;
    macrotask(() => this.#next());
  }

  idle(): Promise<{ readonly issued: number }> {
    return new Promise((resolve) => {
      const answer = (): void => resolve({ issued: this.#issued });
      if (this.#busy) this.#idle.push(answer);
      else macrotask(answer);
    });
  }

  /** What is said here is small. */
  listen(): void {}

  cancel(error = { code: "run_cancelled", message: "The run was cancelled." } as const): void {
    this.#end({ status: "failed", error });
  }

  silence(): void {
    this.#over = true;
    this.#idle.length = 0;
  }

  usage(): { queueMs: number; runMs: number; cpuMs: number } {
    return { queueMs: 0, runMs: 0, cpuMs: 0 };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.silence();
    return Promise.resolve();
  }

  #issue({ kind, id }: Extract<Tree, { readonly id: number }>): Promise<unknown> {
    // What goes on in a sandbox that is gone is heard by nobody.
    if (this.#over) return new Promise(() => undefined);
    this.#issued += 1;
    const seq = this.#issued;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#open.set(seq, { resolve, reject });
    this.#surroundings.trace.push(`issued ${seq} ${kind} ${id}`);
    this.#surroundings.active();
    this.#surroundings.listener.call(
      kind === "timer"
        ? { seq, kind, path: [], args: [id % 40] }
        : { seq, kind: "tool", path: ["upstream", kind], args: [{ id }] },
    );
    return promise;
  }

  #next(): void {
    this.#surroundings.active();
    const delivery = this.#queue.shift();
    if (delivery === undefined || this.#over) {
      this.#busy = false;
      for (const answer of this.#idle.splice(0)) answer();
      return;
    }
    const open = this.#open.get(delivery.seq);
    this.#open.delete(delivery.seq);
    if (open !== undefined) {
      const what = delivery.ok ? JSON.stringify(delivery.value) : delivery.error.code;
      this.#surroundings.trace.push(`given ${delivery.seq} ${what} at ${delivery.now}`);
      if (delivery.ok) open.resolve(delivery.value);
      else open.reject(delivery.error);
    }
    macrotask(() => this.#next());
  }
}
