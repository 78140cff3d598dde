/**
 * Calls many things, each at its own time, by one timer that does not keep the process alive.
 */

/** Answers with the milliseconds until it wants to be called again; undefined ends it. */
export type Turn = () => number | undefined;

export interface Agenda {
  /** Calls `turn` first after so many milliseconds. Dispose to take it off. */
  add(turn: Turn, inMs: number): Disposable;
}

interface Entry {
  readonly turn: Turn;
  dueAt: number;
  ended: boolean;
}

/** Turns that are due so soon after another are taken with it. */
const togetherMs = 1;

export function createAgenda(): Agenda {
  const entries = new Set<Entry>();
  let timer: NodeJS.Timeout | undefined;
  let firesAt = Number.POSITIVE_INFINITY;

  const plan = (dueAt: number): void => {
    if (dueAt >= firesAt) return;
    clearTimeout(timer);
    firesAt = dueAt;
    timer = setTimeout(fire, Math.max(1, dueAt - performance.now())).unref();
  };

  const fire = (): void => {
    firesAt = Number.POSITIVE_INFINITY;
    const now = performance.now() + togetherMs;
    const due = [...entries].filter(({ dueAt }) => dueAt <= now);
    try {
      for (const entry of due) {
        if (entry.ended) continue;
        // Off the list until it has answered, so that one that throws is called no more.
        entries.delete(entry);
        const inMs = entry.turn();
        if (inMs === undefined || entry.ended) continue;
        entry.dueAt = performance.now() + inMs;
        entries.add(entry);
      }
    } finally {
      for (const { dueAt } of entries) plan(dueAt);
    }
  };

  return {
    add: (turn, inMs) => {
      const entry: Entry = { turn, dueAt: performance.now() + inMs, ended: false };
      entries.add(entry);
      plan(entry.dueAt);
      return {
        [Symbol.dispose]: () => {
          entry.ended = true;
          entries.delete(entry);
        },
      };
    },
  };
}
