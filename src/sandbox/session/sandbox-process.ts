/**
 * What a run needs of an engine's process: a connection that carries one program and its messages, and the way
 * to know that the process has finished with it. How either is done is the engine's.
 */
import type { GuestError, GuestProgram } from "../../spec/engine.ts";
import type { ConfinedExit } from "../process/guard-child.ts";
import type { PooledProcess } from "../process/pool-settings.ts";

export interface SandboxProcess extends PooledProcess {
  readonly exited: Promise<ConfinedExit>;
  /** The connection that was made ready ahead of time. Throws `sandbox_died`. */
  readonly takeConnection: () => Promise<SandboxConnection>;
  /** Makes the next one: the process has finished with what came before. Throws `sandbox_died`. */
  readonly renewConnection: () => Promise<void>;
}

/** Used for one run. */
export interface SandboxConnection {
  /** Loads the program into a fresh isolate. Messages sent meanwhile follow in order. */
  readonly run: (program: GuestProgram, handlers: RunHandlers) => void;
  /** One message to the guest. */
  readonly send: (message: string) => void;
  /** False: nothing is read until it is true again. */
  readonly listen: (on: boolean) => void;
  readonly close: () => void;
}

export interface RunHandlers {
  /** The guest's messages may be as large. */
  readonly maxMessageBytes: number;
  readonly onMessage: (message: Buffer) => void;
  /** The program could not be loaded. */
  readonly onRefused: (error: GuestError) => void;
  /** The bytes are no messages. */
  readonly onViolation: (reason: string) => void;
  /** The connection ended, for whatever reason, while it was in use. */
  readonly onClosed: () => void;
}
