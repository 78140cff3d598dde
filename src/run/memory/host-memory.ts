/**
 * What the host holds for all runs together, against one budget: arguments that were received and are not yet dealt with,
 * and whatever of a run's record is not in the store alone. Beyond the budget new runs wait, and of those that go on no more
 * is read. Counts what it is told; who is told to stop is the caller's.
 */
import { getHeapStatistics } from "node:v8";

/** A run's part. Disposing it gives back all that it holds. */
export interface MemoryShare extends Disposable {
  readonly held: number;
  take(bytes: number): void;
  give(bytes: number): void;
  /**
   * Whether the run may take in more. One that has nothing under way may always, if need be as the only one beyond the
   * budget: what it is given next is how it comes to an end.
   */
  hasRoom(): boolean;
}

export interface HostMemory {
  readonly used: number;
  readonly budget: number;
  hasRoom(): boolean;
  share(): MemoryShare;
  /** Calls back whenever something was given back. */
  onRoom(listener: () => void): Disposable;
}

/** Values, their text and what the store's thread is given of it come to some eight times what is counted. */
const heapShare = 8;

export function createHostMemory(budget: number = defaultBudget()): HostMemory {
  const listeners = new Set<() => void>();
  let used = 0;
  /** Who goes beyond the budget. */
  let beyond: MemoryShare | undefined;

  const tell = (): void => {
    for (const listener of listeners) listener();
  };

  const share = (): MemoryShare => {
    let held = 0;
    const give = (bytes: number): void => {
      const given = Math.min(bytes, held);
      held -= given;
      used -= given;
      if (held === 0 && beyond === own) beyond = undefined;
      if (given > 0) tell();
    };
    const own: MemoryShare = {
      get held() {
        return held;
      },
      take: (bytes) => {
        held += bytes;
        used += bytes;
      },
      give,
      hasRoom: () => {
        if (used < budget) return true;
        if (held > 0 || (beyond !== undefined && beyond !== own)) return false;
        beyond = own;
        return true;
      },
      [Symbol.dispose]: () => {
        if (beyond === own) beyond = undefined;
        give(held);
        tell();
      },
    };
    return own;
  };

  return {
    get used() {
      return used;
    },
    budget,
    hasRoom: () => used < budget,
    share,
    onRoom: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}

/** By the heap that this process was given: `--max-old-space-size` counts. */
function defaultBudget(): number {
  return Math.floor(getHeapStatistics().heap_size_limit / heapShare);
}
