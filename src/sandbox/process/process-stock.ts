/**
 * The sandbox processes that exist: boots them, keeps the idle ones, ends those that have had their day.
 * Who gets one, and how many there should be, is the pool's to say.
 */
import { createBootBackoff } from "./boot-backoff.ts";
import type { PooledProcess, PoolSettings } from "./pool-settings.ts";
import { readProcStat } from "./proc-stat.ts";

export interface Member<P> {
  readonly process: P;
  /** Milliseconds on the monotonic clock. */
  readonly bornAt: number;
  dead: boolean;
  /** Whose it is, once it has been leased. */
  principal: string | undefined;
  runs: number;
  idleSince: number;
}

export interface ProcessStock<P> {
  readonly idle: ReadonlySet<Member<P>>;
  readonly leased: ReadonlySet<Member<P>>;
  readonly booting: ReadonlySet<Promise<void>>;
  /** Since the start. */
  readonly booted: number;
  /** Idle, leased and booting. */
  total(): number;
  boot(): void;
  /** Milliseconds until a boot may be tried again. */
  bootableInMs(): number;
  /** Why there is no process and none can be booted for now. */
  hopeless(): { readonly reason: unknown } | undefined;
  canServe(member: Member<P>, principal: string): boolean;
  /** Leases an idle process that may serve the principal. */
  take(principal: string): Member<P> | undefined;
  /** Takes one back after a run. Answers with its end, if that is what becomes of it. */
  takeBack(member: Member<P>, kill: boolean): Promise<void> | undefined;
  end(member: Member<P>): Promise<void>;
  /** Ends the idle process that was unused for longest. False if there is none. */
  endOldest(): boolean;
  /** Ends what is too old, and what nobody has needed for a while beyond the prewarmed ones. */
  tidy(): void;
  /** Ends everything, what is booting included. */
  close(): Promise<void>;
}

/** `changed` is called when a process has come up, failed to, or died unasked. */
export function createProcessStock<P extends PooledProcess>(
  settings: PoolSettings<P>,
  changed: () => void,
): ProcessStock<P> {
  const backoff = createBootBackoff();
  const idle = new Set<Member<P>>();
  const leased = new Set<Member<P>>();
  const booting = new Set<Promise<void>>();
  const ending = new Set<Promise<void>>();
  const closing = new AbortController();
  let booted = 0;

  const bootOnce = async (): Promise<void> => {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(settings.bootMs)]);
    try {
      admit(await bootUntil(settings.boot, signal));
    } catch (thrown) {
      if (!closing.signal.aborted) backoff.failed(performance.now(), thrown);
    }
  };

  const admit = (process: P): void => {
    const now = performance.now();
    const member: Member<P> = {
      process,
      bornAt: now,
      dead: false,
      principal: undefined,
      runs: 0,
      idleSince: now,
    };
    backoff.succeeded();
    booted += 1;
    idle.add(member);
    void watchDeath(member);
  };

  /** A leased process that dies is its engine's to notice; an idle one is replaced. */
  const watchDeath = async (member: Member<P>): Promise<void> => {
    await member.process.exited;
    member.dead = true;
    if (!idle.delete(member)) return;
    if (member.runs === 0 && performance.now() - member.bornAt < settings.bootMs) {
      backoff.failed(performance.now(), new Error("the process ended soon after it had booted"));
    }
    changed();
  };

  const end = (member: Member<P>): Promise<void> => {
    idle.delete(member);
    leased.delete(member);
    const ended = member.process.kill().finally(() => ending.delete(ended));
    ending.add(ended);
    return ended;
  };

  const isWorn = (member: Member<P>): boolean => {
    const { runs, ageMs, residentMb } = settings.recycle;
    if (member.runs >= runs || performance.now() - member.bornAt >= ageMs) return true;
    return (readProcStat(member.process.pid)?.residentBytes ?? 0) >= residentMb * 2 ** 20;
  };

  const canServe = (member: Member<P>, principal: string): boolean =>
    settings.shareAcrossPrincipals || member.principal === undefined || member.principal === principal;

  const oldestFirst = (): Member<P>[] => [...idle].sort((a, b) => a.idleSince - b.idleSince);

  return {
    idle,
    leased,
    booting,
    get booted() {
      return booted;
    },
    total: () => idle.size + leased.size + booting.size,
    boot: () => {
      const attempt = bootOnce().finally(() => {
        booting.delete(attempt);
        changed();
      });
      booting.add(attempt);
    },
    bootableInMs: () => backoff.waitMs(performance.now()),
    hopeless: () => {
      const none = idle.size + leased.size + booting.size === 0;
      const waits = backoff.waitMs(performance.now()) > 0;
      return none && waits && backoff.givenUp !== undefined ? { reason: backoff.givenUp } : undefined;
    },
    canServe,
    take: (principal) => {
      // The principal's own rather than a new one, the last used rather than a cold one.
      const [member] = oldestFirst()
        .filter((candidate) => canServe(candidate, principal))
        .sort((a, b) => Number(b.runs > 0) - Number(a.runs > 0) || b.idleSince - a.idleSince);
      if (!member) return undefined;
      idle.delete(member);
      member.principal = principal;
      leased.add(member);
      return member;
    },
    takeBack: (member, kill) => {
      member.runs += 1;
      if (kill || member.dead || !settings.reuse || closing.signal.aborted || isWorn(member))
        return end(member);
      leased.delete(member);
      member.idleSince = performance.now();
      idle.add(member);
      return undefined;
    },
    end,
    endOldest: () => {
      const [oldest] = oldestFirst();
      if (oldest) void end(oldest);
      return oldest !== undefined;
    },
    tidy: () => {
      const now = performance.now();
      for (const member of oldestFirst()) {
        const unneeded = idle.size > settings.prewarm && now - member.idleSince >= settings.idleMs;
        if (unneeded || isWorn(member)) void end(member);
      }
    },
    close: async () => {
      closing.abort();
      for (const member of [...idle, ...leased]) void end(member);
      await Promise.all(booting);
      await Promise.all(ending);
    },
  };
}

/** Boots until the signal aborts; what comes up after that is ended at once. */
async function bootUntil<P extends PooledProcess>(
  boot: (signal: AbortSignal) => Promise<P>,
  signal: AbortSignal,
): Promise<P> {
  const booting = boot(signal);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("it took too long to boot")), { once: true });
  });
  try {
    return await Promise.race([booting, aborted]);
  } catch (thrown) {
    if (signal.aborted) {
      await booting.then(
        (process) => process.kill(),
        () => undefined,
      );
    }
    throw thrown;
  }
}
