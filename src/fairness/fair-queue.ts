/**
 * A bounded queue that is fair at every level of a path (principal, peer, client, session): of those who wait, whoever
 * holds least goes first, then whoever was served longest ago, however many wait behind them. When the queue is full the
 * longest line gives way. Knows nothing of what is waited for.
 */

export interface Waiter {
  /** Who waits, from the widest to the narrowest: `["local", "user 1000", "editor"]`. */
  readonly path: readonly string[];
}

export type Joined<W> =
  | {
      readonly joined: true;
      /** The newest of the longest line, pushed out to make room. */ readonly evicted?: W;
    }
  | { readonly joined: false };

export interface FairQueue<W extends Waiter> {
  readonly size: number;
  /** Refuses when `bound` wait already, unless somebody else at any level of the path has at least two more waiting. */
  join(waiter: W, bound: number): Joined<W>;
  /** True if it was waiting. It has not been served. */
  leave(waiter: W): boolean;
  /** It is served: it waits no more, and holds a share until `give`. */
  take(waiter: W): void;
  give(path: readonly string[]): void;
  /** Shares held below a path. */
  held(path: readonly string[]): number;
  /** The first of each line, in the order in which they should be served. */
  heads(): Iterable<W>;
  /** Empties the queue. */
  drain(): W[];
}

interface Line<W> {
  /** Who is one level below. */
  readonly below: Map<string, Line<W>>;
  /** Of the last line of a path: who waits. */
  readonly waiters: W[];
  /** Waiting here and below. */
  waiting: number;
  held: number;
  /** The turn in which somebody of it was last served. */
  servedAt: number;
}

/** Below whoever is named by a path, those who are named no further. */
const own = "";

export function createFairQueue<W extends Waiter>(): FairQueue<W> {
  const root: Line<W> = newLine();
  let turn = 0;

  /** The lines from the root to the one of the path, made where they are missing. Whoever is named by it is one of those below. */
  const linesOf = (names: readonly string[]): Line<W>[] => {
    const path = [...names, own];
    const lines = [root];
    let line = root;
    for (const name of path) {
      const next = line.below.get(name) ?? newLine();
      line.below.set(name, next);
      lines.push(next);
      line = next;
    }
    return lines;
  };

  /** Whoever neither waits nor holds anything is forgotten. */
  const tidy = (names: readonly string[]): void => {
    const lines = linesOf(names);
    const path = [...names, own];
    for (let at = path.length; at > 0; at -= 1) {
      const line = lines[at];
      if (line !== undefined && line.waiting === 0 && line.held === 0)
        lines[at - 1]?.below.delete(path[at - 1] ?? "");
    }
  };

  const remove = (waiter: W): boolean => {
    const lines = linesOf(waiter.path);
    const last = lines.at(-1);
    const at = last?.waiters.indexOf(waiter) ?? -1;
    if (at >= 0) {
      last?.waiters.splice(at, 1);
      for (const line of lines) line.waiting -= 1;
    }
    tidy(waiter.path);
    return at >= 0;
  };

  return {
    get size() {
      return root.waiting;
    },
    join: (waiter, bound) => {
      const evicted = root.waiting < bound ? undefined : toEvict(root, [...waiter.path, own]);
      if (root.waiting >= bound && evicted === undefined) return { joined: false };
      if (evicted !== undefined) remove(evicted);
      const lines = linesOf(waiter.path);
      lines.at(-1)?.waiters.push(waiter);
      for (const line of lines) line.waiting += 1;
      return evicted === undefined ? { joined: true } : { joined: true, evicted };
    },
    leave: remove,
    take: (waiter) => {
      turn += 1;
      for (const line of linesOf(waiter.path)) {
        line.held += 1;
        line.servedAt = turn;
      }
      remove(waiter);
    },
    give: (path) => {
      for (const line of linesOf(path)) line.held -= 1;
      tidy(path);
    },
    held: (path) => {
      let line: Line<W> | undefined = root;
      for (const name of path) line = line?.below.get(name);
      return line?.held ?? 0;
    },
    heads: () => headsOf(root),
    drain: () => {
      const all = allOf(root);
      for (const waiter of all) remove(waiter);
      return all;
    },
  };
}

function newLine<W>(): Line<W> {
  return { below: new Map(), waiters: [], waiting: 0, held: 0, servedAt: 0 };
}

function* headsOf<W>(line: Line<W>): Generator<W> {
  const [first] = line.waiters;
  if (first !== undefined) yield first;
  // Of equals, whoever was served longest ago, then whoever came first.
  const below = [...line.below.values()].filter(({ waiting }) => waiting > 0);
  below.sort((a, b) => a.held - b.held || a.servedAt - b.servedAt);
  for (const next of below) yield* headsOf(next);
}

function allOf<W>(line: Line<W>): W[] {
  return [...line.waiters, ...[...line.below.values()].flatMap(allOf)];
}

/** The newest of the longest line, at the first level at which taking its place makes the lines more even. */
function toEvict<W>(root: Line<W>, path: readonly string[]): W | undefined {
  let line: Line<W> | undefined = root;
  for (const name of path) {
    const next: Line<W> | undefined = line?.below.get(name);
    const longest = longestOf(line);
    if (longest !== undefined && longest !== next && longest.waiting > (next?.waiting ?? 0) + 1)
      return newestOf(longest);
    line = next;
  }
  return undefined;
}

function longestOf<W>(line: Line<W> | undefined): Line<W> | undefined {
  let longest: Line<W> | undefined;
  for (const each of line?.below.values() ?? []) if (each.waiting > (longest?.waiting ?? 0)) longest = each;
  return longest;
}

function newestOf<W>(line: Line<W>): W | undefined {
  const longest = longestOf(line);
  return longest === undefined ? line.waiters.at(-1) : newestOf(longest);
}
