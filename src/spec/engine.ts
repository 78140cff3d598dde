/**
 * The contract of a sandbox engine. An engine runs one prepared program per session in a fresh isolate and
 * carries calls out and deliveries in; it knows nothing of tools, policies or journals. All that the guest
 * says is bytes to it: parsed with limits and passed on as plain `Value`s, or the process is killed.
 *
 * The host decides when and in which order outcomes are delivered. The guest numbers its calls in issue
 * order from 1, releases one delivery per macrotask and runs its microtasks to the end before the next, and
 * its clock advances only with deliveries; hence a program replays exactly from (code, seed, deliveries).
 */
import type { CallOutcome } from "../call-error.ts";
import type { CodemodeErrorOptions, ErrorCode } from "../errors.ts";
import type { Limits } from "./limits.ts";
import type { Value } from "./value.ts";

/** From weakest to strongest; each includes those before it. */
export const isolationLevels = ["process", "confined", "namespaced", "jailed"] as const;
/**
 * `process`: a process of its own with an empty environment and folder, limits by the host.
 * `confined`: also no-new-privileges, an unprivileged user and memory caps of the kernel.
 * `namespaced`: also user, network and ipc namespaces of its own: no route out.
 * `jailed`: also a root file system of its own (`bwrap`).
 */
export type IsolationLevel = (typeof isolationLevels)[number];

export interface EngineReport {
  readonly engine: string;
  /** Name and version of what executes the code; pinned in each run's record. */
  readonly build: string;
  readonly level: IsolationLevel;
  /** By which means each limit is held on this machine: `{ cpu: "proc stat, every 5 ms", … }`. */
  readonly means: { readonly [limit: string]: string };
  /** What this machine does not allow, one sentence each. */
  readonly missing: readonly string[];
}

/** A program ready to run: plain JavaScript, positions those of the model's own code. */
export interface GuestProgram {
  /**
   * The text of an ES module whose default export is an async function. It sees the globals `tools`,
   * `codemode` and `console` and takes no arguments.
   */
  readonly code: string;
  /** Further ES modules by file name (`std.js`), which `code` and they themselves may import by it. */
  readonly modules?: { readonly [name: string]: string };
  readonly limits: Limits;
  /** Seeds `Math.random`, `crypto.randomUUID` and `crypto.getRandomValues`. */
  readonly seed: string;
  /** What the guest's clock shows until the first delivery, in epoch milliseconds. */
  readonly now: number;
  /** A process never serves two principals unless the engine was told that it may. */
  readonly principal: string;
  /** Which client of the principal, from the widest to the narrowest; processes are shared out fairly between them. */
  readonly client?: readonly string[] | undefined;
}

/** A call issued by the guest. `seq` counts from 1 in issue order over all three kinds. */
export interface GuestCall {
  readonly seq: number;
  /** `tool`: `tools.<path>(…)`; `builtin`: `codemode.<path>(…)`; `timer`: path is empty, args `[ms]`. */
  readonly kind: "tool" | "builtin" | "timer";
  readonly path: readonly string[];
  readonly args: readonly Value[];
  /** Where in the snippet the call stands, as the guest claims; one-based. */
  readonly line?: number;
}

/** What a snippet's `catch` receives when a call fails, or what `execute` reports when nothing catches it. */
export interface GuestError extends Omit<CodemodeErrorOptions, "cause" | "data"> {
  readonly code: ErrorCode;
  readonly message: string;
  readonly data?: Value;
  /** What became of the call, for the error of one. */
  readonly outcome?: CallOutcome;
}

export type Delivery =
  | { readonly seq: number; readonly ok: true; readonly value: Value; readonly now: number }
  | { readonly seq: number; readonly ok: false; readonly error: GuestError; readonly now: number };

export type LogLevel = "debug" | "log" | "info" | "warn" | "error";

export interface LogLine {
  readonly level: LogLevel;
  readonly text: string;
}

/** What the engine tells the host about one session. Called in the order the guest issued things. */
export interface GuestListener {
  call(call: GuestCall): void;
  /** Already cut to `limits.logBytes` in total; the cut is marked in the last line. */
  log(line: LogLine): void;
}

export type GuestOutcome =
  | { readonly status: "completed"; readonly value: Value }
  | { readonly status: "failed"; readonly error: GuestError };

export interface GuestUsage {
  /** Milliseconds waited for a process. */
  readonly queueMs: number;
  /** Milliseconds from submit to outcome, waiting excluded. */
  readonly runMs: number;
  readonly cpuMs: number;
}

export interface DeliverOptions {
  /**
   * Sent at once, though the call may not have been issued yet: in a replay the deliveries before it lead there, and
   * the guest need not be waited for once it has issued its first call. One that has issued no such call when the
   * delivery's turn comes ignores it. False unless given.
   */
  readonly ahead?: boolean;
  /**
   * Another delivery follows at once, so that what the guest has to say may be gathered until then. False unless given.
   */
  readonly more?: boolean;
}

/**
 * One run of one program. Disposing it ends the run if it still goes on and gives the process back (or
 * kills it); nothing of it is called after that.
 */
export interface EngineSession extends AsyncDisposable {
  /** Resolves once, never rejects. A limit, a breach or a death is a `failed` outcome with its code. */
  readonly outcome: Promise<GuestOutcome>;
  /**
   * Ignored for a call that is already answered, for one that is unknown unless it is delivered `ahead`, and after the
   * outcome. Throws `value_unsupported` or `value_too_large` when the value cannot cross; the call is then still
   * unanswered.
   */
  deliver(delivery: Delivery, options?: DeliverOptions): void;
  /**
   * Resolves with the highest number issued once the guest has handled every delivery and run its
   * microtasks to the end: from then on it can only go on by a further delivery.
   */
  idle(): Promise<{ readonly issued: number }>;
  /**
   * Whether the guest is heard: false leaves what it says where it is, for its process to hold, until it is true again.
   * Deliveries go out meanwhile; `idle` does not resolve.
   */
  listen(on: boolean): void;
  /**
   * Once there is an outcome: the calls whose delivery was sent and had no effect any more, since the guest had ended. As
   * the guest says; nothing where it said nothing.
   */
  unseen?(): readonly number[];
  /** Kills the run; `outcome` becomes `failed` with the given code (`run_cancelled` unless given). */
  cancel(reason?: GuestError): void;
  usage(): GuestUsage;
}

export interface StartOptions {
  /** Ends the waiting for a process. Not watched after that. */
  readonly signal?: AbortSignal;
  /**
   * The program is loaded meanwhile and begins when this resolves. When it rejects, nothing of the program has
   * run, the outcome is `run_cancelled`, and the process may serve again.
   */
  readonly after?: Promise<unknown>;
}

export interface Engine extends AsyncDisposable {
  readonly name: string;
  /** Boots what is prewarmed and measures what the machine allows. Throws `sandbox_unavailable`, `sandbox_too_weak`. */
  ready(): Promise<EngineReport>;
  /**
   * Leases a process and starts the program. Waits in a fair queue; throws `sandbox_busy` past its bound,
   * `run_cancelled` when the signal aborts while waiting. The signal is not watched after that.
   */
  start(program: GuestProgram, listener: GuestListener, options?: StartOptions): Promise<EngineSession>;
}
