/**
 * A bounded queue that is fair between principals: each has its own line, whoever holds least goes first,
 * and when the queue is full the longest line gives way. Knows nothing of processes.
 */

export interface Waiter {
  readonly principal: string;
  /** Milliseconds on the monotonic clock. */
  readonly since: number;
}

export type Joined<W> =
  | {
      readonly joined: true;
      /** The newest of the longest line, pushed out to make room. */ readonly evicted?: W;
    }
  | { readonly joined: false };

export interface FairQueue<W extends Waiter> {
  readonly size: number;
  /** Refuses when `bound` wait already, unless another principal waits with at least two more. */
  join(waiter: W, bound: number): Joined<W>;
  /** True if it was waiting. */
  leave(waiter: W): boolean;
  /** The first of each line: by how much its principal holds, then by how long it has waited. */
  heads(held: (principal: string) => number): W[];
  /** Empties the queue. */
  drain(): W[];
}

export function createFairQueue<W extends Waiter>(): FairQueue<W> {
  const lines = new Map<string, W[]>();
  let size = 0;

  const leave = (waiter: W): boolean => {
    const line = lines.get(waiter.principal);
    const at = line?.indexOf(waiter) ?? -1;
    if (!line || at === -1) return false;
    line.splice(at, 1);
    if (line.length === 0) lines.delete(waiter.principal);
    size -= 1;
    return true;
  };

  /** The newest waiter of the longest line, if taking its place makes the lines more even. */
  const toEvict = (principal: string): W | undefined => {
    const own = lines.get(principal)?.length ?? 0;
    let longest: W[] = [];
    for (const line of lines.values()) if (line.length > longest.length) longest = line;
    return longest.length > own + 1 ? longest.at(-1) : undefined;
  };

  return {
    get size() {
      return size;
    },
    join: (waiter, bound) => {
      const evicted = size < bound ? undefined : toEvict(waiter.principal);
      if (size >= bound && !evicted) return { joined: false };
      if (evicted) leave(evicted);
      const line = lines.get(waiter.principal);
      if (line) line.push(waiter);
      else lines.set(waiter.principal, [waiter]);
      size += 1;
      return evicted ? { joined: true, evicted } : { joined: true };
    },
    leave,
    heads: (held) => {
      const heads = [...lines.values()].flatMap((line) => line.slice(0, 1));
      const holds = new Map(heads.map(({ principal }) => [principal, held(principal)]));
      const heldBy = ({ principal }: W) => holds.get(principal) ?? 0;
      return heads.sort((a, b) => heldBy(a) - heldBy(b) || a.since - b.since);
    },
    drain: () => {
      const all = [...lines.values()].flat();
      lines.clear();
      size = 0;
      return all;
    },
  };
}
