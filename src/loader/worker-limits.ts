/**
 * The limits of a loaded worker, and the limits of the engine's run that it is.
 */
import { defaultLimits, type Limits } from "../spec/limits.ts";

export interface WorkerLimits {
  /** Milliseconds one call of an entrypoint may take, all that it waits for included. Loading has as many. */
  readonly wallMs: number;
  /** Milliseconds of CPU time the worker may use while one call is under way. */
  readonly cpuMs: number;
  /** Megabytes (2^20 bytes) the worker may add to its process, at most those of the engine. */
  readonly memoryMb: number;
  /** Calls of entrypoints under way at once; up to `callsWaiting` more wait their turn. */
  readonly callsInFlight: number;
  readonly callsWaiting: number;
  /** Calls of bindings and requests during one call of an entrypoint; those of calls beside it count as well. */
  readonly subRequests: number;
  /** Of these under way at once; more wait their turn. */
  readonly subRequestsInFlight: number;
  /** Milliseconds one of these may take. */
  readonly subRequestMs: number;
  /** Encoded bytes of one value: arguments together, a result, a request or response. */
  readonly valueBytes: number;
  /** Levels of nesting of any value. */
  readonly depth: number;
  /** Bytes of console output of the worker's whole life. */
  readonly logBytes: number;
  /** Timers of the worker's whole life. */
  readonly timers: number;
  /** Bytes of all modules together. */
  readonly codeBytes: number;
}

const defaultWorkerLimits: WorkerLimits = {
  wallMs: defaultLimits.wallMs,
  cpuMs: defaultLimits.cpuMs,
  memoryMb: defaultLimits.memoryMb,
  callsInFlight: 32,
  callsWaiting: 1_000,
  subRequests: 1_000,
  subRequestsInFlight: 32,
  subRequestMs: defaultLimits.callMs,
  valueBytes: 8 * 2 ** 20,
  depth: defaultLimits.depth,
  logBytes: defaultLimits.logBytes,
  timers: defaultLimits.timers,
  codeBytes: 4 * 2 ** 20,
};

/** Later ones win. */
export function toWorkerLimits(...given: (Partial<WorkerLimits> | undefined)[]): WorkerLimits {
  return Object.assign({}, defaultWorkerLimits, ...given);
}

/** As long as a timer can be: wall and CPU time are held per call, by the loader. */
const never = 2 ** 31 - 1;
/** Bytes and levels beside the value that a call carries. */
const envelopeBytes = 64 * 1024;
const envelopeDepth = 4;

export function toRunLimits(limits: WorkerLimits): Limits {
  return {
    ...defaultLimits,
    wallMs: never,
    lifetimeMs: never,
    cpuMs: never,
    memoryMb: limits.memoryMb,
    calls: limits.subRequests + 2 * limits.callsInFlight + 2,
    callsInFlight: limits.subRequestsInFlight,
    argumentBytes: limits.valueBytes,
    resultBytes: limits.valueBytes + envelopeBytes,
    depth: limits.depth + envelopeDepth,
    logBytes: limits.logBytes,
    timers: limits.timers,
  };
}
