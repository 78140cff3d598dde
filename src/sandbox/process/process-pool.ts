/**
 * Leases sandbox processes, each to one run at a time: decides who is next, how many there should be, and
 * what is refused. What runs in a process, and whether a run broke a limit, is the engine's.
 */
import { setTimeout as delay } from "node:timers/promises";
import { CodemodeError } from "../../errors.ts";
import { createFairQueue, type Waiter } from "../../fairness/fair-queue.ts";
import { toPoolSettings, type PooledProcess, type ProcessPoolOptions } from "./pool-settings.ts";
import { createProcessStock, type Member } from "./process-stock.ts";

export interface Lease<P> extends AsyncDisposable {
  readonly process: P;
  /** Milliseconds waited for it. */
  readonly queueMs: number;
  /**
   * Gives the process back, or kills it: after any breach, and whenever the run may have left something
   * going. Resolves once it is back or gone. Only the first call counts; disposing kills.
   */
  release(options?: { readonly kill?: boolean }): Promise<void>;
}

export interface LeaseRequest {
  readonly principal: string;
  /** Which client of the principal, from the widest to the narrowest: processes are shared out fairly between them. */
  readonly client?: readonly string[] | undefined;
  /** Ends the waiting. Not watched once the lease is given. */
  readonly signal?: AbortSignal | undefined;
}

export interface PoolStats {
  readonly idle: number;
  readonly leased: number;
  readonly booting: number;
  readonly waiting: number;
  readonly most: number;
  /** Since the start. */
  readonly booted: number;
}

export interface ProcessPool<P extends PooledProcess> extends AsyncDisposable {
  /** Boots what is to be prewarmed, at least one. Throws `sandbox_unavailable`. */
  ready(): Promise<void>;
  /**
   * Throws `sandbox_busy` when the queue is full, `run_cancelled` when the signal aborts or the pool ends
   * while waiting, `sandbox_unavailable` when no process can be booted.
   */
  lease(request: LeaseRequest): Promise<Lease<P>>;
  stats(): PoolStats;
}

interface PoolWaiter<P> extends Waiter {
  readonly principal: string;
  /** Milliseconds on the monotonic clock. */
  readonly since: number;
  readonly grant: (member: Member<P>) => void;
  readonly refuse: (error: CodemodeError) => void;
}

const tidyMs = 5_000;
/** Processes that only who has none may take, where there are enough for that. */
const reserved = 1;
const leastToReserve = 8;

/** Starts nothing by itself: the first `ready` or `lease` does. */
export function createProcessPool<P extends PooledProcess>(options: ProcessPoolOptions<P>): ProcessPool<P> {
  const settings = toPoolSettings(options);
  const queue = createFairQueue<PoolWaiter<P>>();
  const stock = createProcessStock(settings, () => serve());
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  const serve = (): void => {
    if (closed) return;
    while (serveOne());
    const hopeless = stock.hopeless();
    if (hopeless) for (const waiter of queue.drain()) waiter.refuse(unavailable(hopeless.reason));
    const wanted = wantedBoots();
    if (wanted > 0 && !putOffBoots()) bootUpTo(wanted);
  };

  const serveOne = (): boolean => {
    for (const waiter of queue.heads()) {
      if (isReserved() && queue.held(waiter.path) > 0) continue;
      const member = stock.take(waiter.principal);
      if (!member) continue;
      queue.take(waiter);
      waiter.grant(member);
      return true;
    }
    return false;
  };

  /** The last process is for who has none: however long the runs of one client last, another's begin. */
  const isReserved = (): boolean =>
    settings.most >= leastToReserve && settings.most - stock.leased.size <= reserved;

  const wanting = (): number => {
    if (!isReserved()) return queue.size;
    for (const { path } of queue.heads()) if (queue.held(path) === 0) return 1;
    return 0;
  };

  const wantedBoots = (): number => {
    const { idle, booting } = stock;
    const spare = settings.reuse ? stock.total() : idle.size + booting.size;
    const forPrewarming = Math.min(settings.prewarm - spare, settings.most - stock.total());
    return Math.max(wanting() - booting.size, forPrewarming, 0);
  };

  const putOffBoots = (): boolean => {
    const waitMs = stock.bootableInMs();
    if (waitMs === 0) return false;
    retry ??= setTimeout(() => {
      retry = undefined;
      serve();
    }, waitMs);
    // Where nobody waits, prewarming again is no reason to keep the host alive.
    if (queue.size === 0) retry.unref();
    else retry.ref();
    return true;
  };

  const bootUpTo = (wanted: number): void => {
    for (let count = 0; count < wanted; count += 1) {
      // What is idle now could serve nobody who waits: it is another principal's.
      if (stock.total() >= settings.most && !stock.endOldest()) return;
      stock.boot();
    }
  };

  const giveBack = async (member: Member<P>, kill: boolean, path: readonly string[]): Promise<void> => {
    queue.give(path);
    const ended = stock.takeBack(member, kill);
    if (!ended && mustYield(member)) void stock.end(member);
    serve();
    await ended;
  };

  /** A principal keeps its process while nobody else's turn has been put off for too long. */
  const mustYield = (member: Member<P>): boolean => {
    if (stock.total() < settings.most) return false;
    const [first] = queue.heads();
    if (!first || stock.canServe(member, first.principal)) return false;
    return performance.now() - first.since >= settings.patienceMs;
  };

  const toLease = (member: Member<P>, { since, path }: Pick<PoolWaiter<P>, "since" | "path">): Lease<P> => {
    let released: Promise<void> | undefined;
    const release = ({ kill = false } = {}): Promise<void> => (released ??= giveBack(member, kill, path));
    return {
      process: member.process,
      queueMs: performance.now() - since,
      release,
      [Symbol.asyncDispose]: () => release({ kill: true }),
    };
  };

  const lease = ({ principal, client = [], signal }: LeaseRequest): Promise<Lease<P>> =>
    new Promise((resolve, reject) => {
      const since = performance.now();
      const settle = (): void => signal?.removeEventListener("abort", abort);
      const waiter: PoolWaiter<P> = {
        principal,
        path: [principal, ...client],
        since,
        grant: (member) => {
          settle();
          resolve(toLease(member, waiter));
        },
        refuse: (error) => {
          settle();
          reject(error);
        },
      };
      const abort = (): void => {
        if (!queue.leave(waiter)) return;
        waiter.refuse(cancelled("The run was cancelled while it waited for a sandbox."));
      };
      const refusal = whyRefused(signal);
      if (refusal) return reject(refusal);
      if (!join(waiter)) return reject(busy());
      signal?.addEventListener("abort", abort, { once: true });
      serve();
    });

  const whyRefused = (signal: AbortSignal | undefined): CodemodeError | undefined => {
    if (signal?.aborted) return cancelled("The run was cancelled before it had a sandbox.");
    if (closed) return cancelled("The run came after the sandbox was shut down.");
    const hopeless = stock.hopeless();
    return hopeless && unavailable(hopeless.reason);
  };

  const join = (waiter: PoolWaiter<P>): boolean => {
    // Who will get a process that is idle or about to boot does not wait for another run to end.
    const free = settings.most - stock.leased.size;
    const joined = queue.join(waiter, settings.queue + free);
    if (joined.joined) joined.evicted?.refuse(busy());
    return joined.joined;
  };

  const busy = (): CodemodeError => {
    const { size } = queue;
    const leased = stock.leased.size;
    return new CodemodeError(
      "sandbox_busy",
      `${leased} of at most ${settings.most} sandbox processes are leased and ${size} runs wait already.`,
      {
        hint: "Run it again when some of them have ended.",
        data: { leased, waiting: size, most: settings.most },
      },
    );
  };

  const ready = async (): Promise<void> => {
    serve();
    while (stock.idle.size + stock.leased.size === 0) {
      if (closed) throw cancelled("The sandbox was shut down.");
      const hopeless = stock.hopeless();
      if (hopeless) throw unavailable(hopeless.reason);
      await delay(stock.bootableInMs());
      if (stock.total() === 0) stock.boot();
      await Promise.all(stock.booting);
    }
    await Promise.all(stock.booting);
  };

  const tidying = setInterval(
    () => {
      stock.tidy();
      if (stock.total() > 0) serve();
    },
    Math.min(tidyMs, settings.idleMs, settings.recycle.ageMs),
  ).unref();

  const close = async (): Promise<void> => {
    closed = true;
    clearInterval(tidying);
    clearTimeout(retry);
    for (const waiter of queue.drain()) {
      waiter.refuse(cancelled("The sandbox was shut down while the run waited for it."));
    }
    await stock.close();
  };

  return {
    ready,
    lease,
    stats: () => ({
      idle: stock.idle.size,
      leased: stock.leased.size,
      booting: stock.booting.size,
      waiting: queue.size,
      most: settings.most,
      booted: stock.booted,
    }),
    [Symbol.asyncDispose]: close,
  };
}

function unavailable(reason: unknown): CodemodeError {
  const said = reason instanceof Error ? reason.message : String(reason);
  return new CodemodeError("sandbox_unavailable", `No sandbox process can be booted: ${said}`, {
    cause: reason,
    hint: "Run `codemode doctor` to see what this machine lacks.",
  });
}

function cancelled(message: string): CodemodeError {
  return new CodemodeError("run_cancelled", message);
}
