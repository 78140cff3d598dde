/**
 * What is measured of every engine: a sandbox that runs one body of code at a time in a fresh isolate, where
 * `echo(value)` and `wait(ms)` call the host.
 */
export interface Sandbox extends AsyncDisposable {
  /** The body of an async function. Rejects when the engine says that the run failed. */
  run(body: string): Promise<unknown>;
}

export interface OpenOptions {
  /** Milliseconds after which the engine's own limit should end a run. */
  readonly timeoutMs: number;
  /** Processes, for engines that have them. */
  readonly processes: number;
}

export interface Contestant {
  readonly name: string;
  /** The figures that say something of it; all unless given. */
  readonly only?: readonly string[];
  /** Milliseconds between runs that are timed one by one, for what is made ready between runs. */
  readonly restMs?: number;
  open(options: OpenOptions): Promise<Sandbox>;
}

export const wait = (ms: number): Promise<number> =>
  new Promise((resolve) => setTimeout(() => resolve(ms), ms));
