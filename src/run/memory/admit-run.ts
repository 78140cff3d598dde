/**
 * Lets runs begin and go on while the host has memory for them; those that come meanwhile wait, fairly, and are refused
 * after a while.
 */
import { CodemodeError } from "../../errors.ts";
import { FairTurns } from "../../fairness/fair-turns.ts";
import type { HostMemory } from "./host-memory.ts";

export interface Admission {
  /** Throws `host_busy` when too many wait or it takes too long; resolves when the signal aborts. */
  admit(path: readonly string[], signal: AbortSignal | undefined): Promise<void>;
}

export interface AdmissionBounds {
  /** Milliseconds to wait for memory. Default 30,000. */
  readonly waitMs?: number;
  /** Runs that may wait. Default 256. */
  readonly waiting?: number;
}

export function createAdmission(
  memory: HostMemory,
  { waitMs = 30_000, waiting = 256 }: AdmissionBounds = {},
): Admission {
  const turns = new FairTurns({
    atOnce: Number.POSITIVE_INFINITY,
    waiting,
    hasRoom: () => memory.hasRoom(),
  });
  memory.onRoom(() => turns.look());
  return {
    admit: async (path, signal) => {
      const turn = await turns.enter({ path, waitMs, signal });
      switch (turn) {
        // Whoever gave up is told by the run itself.
        case "aborted":
          return;
        case "full":
        case "late":
          throw busy(memory);
        default:
          turn[Symbol.dispose]();
      }
    },
  };
}

function busy({ used, budget }: HostMemory): CodemodeError {
  const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
  return new CodemodeError(
    "host_busy",
    `Runs hold ${mebibytes(used)} MiB in the host, of ${mebibytes(budget)} MiB for all of them, and nothing of it was let go in time.`,
    {
      hint: "Run it again when others have ended, or give the server a larger heap (NODE_OPTIONS=--max-old-space-size=4096).",
    },
  );
}
