/**
 * Keeps the connections of one source: one for each principal and credential, opened when first needed,
 * opened again after it was lost, and not again and again where that fails.
 */
import { CallError } from "../../call-error.ts";
import { setTimeout as sleep } from "node:timers/promises";
import type { CodemodeError } from "../../errors.ts";
import { toCodemodeError } from "../../errors.ts";
import { backoffMs } from "./backoff.ts";
import type { McpSession } from "./mcp-session.ts";
import type { McpSettings } from "./mcp-source-options.ts";
import { openSession, type KnownServer } from "./open-session.ts";
import { resolveEntry, type ResolvedEntry } from "./resolve-entry.ts";

interface Slot {
  readonly entry: ResolvedEntry;
  session?: McpSession | undefined;
  opening?: Promise<McpSession> | undefined;
  failures: number;
  retryAt: number;
  failure?: CodemodeError | undefined;
  /** A connection that was up has ended, and none has been opened since. */
  lost?: boolean;
}

/** A caller waits out a pause of up to this; a longer one is an error at once. */
const patienceMs = 1_500;

/** A connection that lasted so long was sound; its end is not held against the next one. */
const soundMs = 30_000;

interface SessionListener {
  /** The server's list of tools has changed, or may have while nobody was listening. */
  listChanged(): void;
}

export class SessionPool {
  readonly #settings: McpSettings;
  readonly #listener: SessionListener;
  readonly #slots = new Map<string, Slot>();
  readonly #known: KnownServer = {};
  readonly #closing = new AbortController();
  readonly #farewells = new Set<Promise<void>>();
  readonly #retired = new Set<McpSession>();

  constructor(settings: McpSettings, listener: SessionListener) {
    this.#settings = settings;
    this.#listener = listener;
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Sessions that are up, and the last failure of those that are not. */
  get slots(): readonly Readonly<Omit<Slot, "entry">>[] {
    return [...this.#slots.values()];
  }

  /**
   * A connection for this principal. Throws `source_unavailable`, `source_timeout` or `source_invalid`, and
   * `run_cancelled` when the signal aborts; opening goes on for others then.
   */
  async acquire(principal: string, signal: AbortSignal): Promise<McpSession> {
    this.#refuseIfClosed();
    const entry = await resolveEntry(this.#settings, principal);
    this.#refuseIfClosed();
    const slot = this.#slots.get(entry.key) ?? this.#addSlot(entry);
    if (slot.session !== undefined) return slot.session;
    if (slot.opening === undefined) {
      const pause = Math.max(0, slot.retryAt - Date.now());
      if (pause > patienceMs && slot.failure !== undefined) throw toLaterError(slot.failure, pause);
      slot.opening = this.#open(slot, pause).finally(() => {
        slot.opening = undefined;
      });
    }
    return await raceAbort(slot.opening, signal);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const slots = [...this.#slots.values()];
    const sessions = [...slots.map(({ session }) => session), ...this.#retired];
    await Promise.all(sessions.flatMap((session) => (session === undefined ? [] : [session.close()])));
    await Promise.allSettled(slots.flatMap(({ opening }) => (opening === undefined ? [] : [opening])));
    await Promise.all(this.#farewells);
  }

  async #open(slot: Slot, pause: number): Promise<McpSession> {
    const { signal } = this.#closing;
    try {
      if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => undefined);
      const leave = (closing: Promise<void>) => this.#wave(closing);
      const session = await openSession(this.#settings, slot.entry, { known: this.#known, signal, leave });
      this.#install(slot, session);
      return session;
    } catch (thrown) {
      slot.failure = toCodemodeError(thrown);
      slot.failures += 1;
      slot.retryAt = Date.now() + backoffMs(slot.failures, this.#settings.timeouts.maxBackoff);
      throw slot.failure;
    }
  }

  #install(slot: Slot, session: McpSession): void {
    if (this.closed) {
      this.#wave(session.close());
      this.#refuseIfClosed();
    }
    slot.session = session;
    const wasLost = slot.lost === true;
    slot.lost = false;
    slot.failure = undefined;
    session.onListChanged = () => this.#listener.listChanged();
    session.onEnded = (reason) => {
      this.#wave(session.close());
      if (slot.session !== session) return;
      slot.session = undefined;
      slot.lost = true;
      slot.failure = reason;
      slot.failures = Date.now() - session.startedAt > soundMs ? 0 : slot.failures + 1;
      const again = slot.failures > 1 ? backoffMs(slot.failures - 1, this.#settings.timeouts.maxBackoff) : 0;
      slot.retryAt = Date.now() + again;
    };
    this.#retireOthers(slot);
    if (wasLost) this.#listener.listChanged();
  }

  #addSlot(entry: ResolvedEntry): Slot {
    const live = [...this.#slots].filter(
      ([, slot]) => slot.session !== undefined || slot.opening !== undefined,
    );
    if (live.length >= this.#settings.limits.sessions) this.#makeRoom(live);
    const slot: Slot = { entry, failures: 0, retryAt: 0 };
    this.#slots.set(entry.key, slot);
    return slot;
  }

  #makeRoom(live: readonly (readonly [string, Slot])[]): void {
    const idle = live.filter(([, { session }]) => session?.inFlight === 0);
    const oldest = idle.toSorted(([, a], [, b]) => (a.session?.usedAt ?? 0) - (b.session?.usedAt ?? 0))[0];
    if (oldest === undefined) {
      throw new CallError(
        "source_unavailable",
        `"${this.#settings.name}" already has ${live.length} connections in use.`,
        {
          hint: "Try again when other runs have ended.",
          outcome: "not_sent",
        },
      );
    }
    this.#drop(...oldest);
  }

  /** A principal has one credential at a time: what was opened with an older one goes once it is idle. */
  #retireOthers(current: Slot): void {
    for (const [key, slot] of this.#slots) {
      const same = slot.entry.principal === current.entry.principal;
      if (same && slot !== current && slot.opening === undefined) this.#drop(key, slot);
    }
  }

  #drop(key: string, slot: Slot): void {
    this.#slots.delete(key);
    const { session } = slot;
    slot.session = undefined;
    if (session === undefined) return;
    session.onEnded = undefined;
    this.#retired.add(session);
    this.#wave(session.retire().finally(() => this.#retired.delete(session)));
  }

  #wave(closing: Promise<void>): void {
    const farewell = closing.catch(() => undefined).then(() => void this.#farewells.delete(farewell));
    this.#farewells.add(farewell);
  }

  #refuseIfClosed(): void {
    if (!this.closed) return;
    throw new CallError("source_unavailable", `"${this.#settings.name}" has been closed.`, {
      outcome: "not_sent",
    });
  }
}

function toLaterError(failure: CodemodeError, pause: number): CodemodeError {
  return new CallError(failure.code, failure.message, {
    cause: failure,
    hint: `It is tried again in ${Math.ceil(pause / 1_000)} s.${failure.hint === undefined ? "" : ` ${failure.hint}`}`,
    outcome: "not_sent",
  });
}

async function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  const aborted = Promise.withResolvers<never>();
  const giveUp = () =>
    aborted.reject(
      new CallError("run_cancelled", "The run ended while a source was starting.", {
        outcome: "not_sent",
      }),
    );
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    if (signal.aborted) giveUp();
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", giveUp);
    aborted.promise.catch(() => undefined);
  }
}
