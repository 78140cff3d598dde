/**
 * The limits of a run, as data: what each is, its unit and its default on a laptop.
 * Who enforces which is said in docs/threat-model.md; nothing here measures anything.
 */

export interface Limits {
  /** Milliseconds the snippet itself may take; time spent waiting for tools or a person does not count. */
  readonly wallMs: number;
  /** Milliseconds from start to end, waiting for tools included (waiting for a person is not). */
  readonly lifetimeMs: number;
  /** Milliseconds of CPU time of the sandbox process. */
  readonly cpuMs: number;
  /** Megabytes (2^20 bytes) the sandbox may add to its idle size. */
  readonly memoryMb: number;
  /** Tool calls in total. */
  readonly calls: number;
  /** Tool calls under way at once; further ones wait their turn, up to `calls`. */
  readonly callsInFlight: number;
  /** Bytes of one call's encoded arguments. */
  readonly argumentBytes: number;
  /** Bytes of one tool's encoded answer, and of the snippet's own result. */
  readonly resultBytes: number;
  /** o200k tokens of the text that a model reads of a run: result, logs, error and calls together. */
  readonly resultTokens: number;
  /** Levels of nesting of any value. */
  readonly depth: number;
  /** Bytes of console output kept. */
  readonly logBytes: number;
  /** Bytes of the snippet's text. */
  readonly snippetBytes: number;
  /** Timers started in total. */
  readonly timers: number;
  /** Milliseconds one tool call may take. */
  readonly callMs: number;
}

/** What holds where nothing is said: for a laptop. */
export const defaultLimits: Limits = {
  wallMs: 30_000,
  lifetimeMs: 600_000,
  cpuMs: 10_000,
  memoryMb: 128,
  calls: 1_000,
  callsInFlight: 32,
  argumentBytes: 8 * 2 ** 20,
  resultBytes: 32 * 2 ** 20,
  resultTokens: 6_000,
  depth: 200,
  logBytes: 256 * 1024,
  snippetBytes: 512 * 1024,
  timers: 10_000,
  callMs: 60_000,
};

/** A text that names a paused run and how to go on needs so many. */
export const leastResultTokens = 256;
