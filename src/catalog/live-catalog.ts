/**
 * Follows all sources and always has a catalog to answer with: the last listing kept on disk until the
 * source itself has answered, the last good one when it fails. It never calls a tool.
 */
import { toCodemodeError } from "../errors.ts";
import { learnShape } from "../schema/learn-shape.ts";
import type { SourceOverview } from "../spec/codemode.ts";
import type { Source, SourceStatus } from "../spec/source.ts";
import type { Catalog, CatalogSource, ConfirmOptions, SourceListing, Tool } from "../spec/tool.ts";
import type { JsonSchema, Value } from "../spec/value.ts";
import { buildSource, joinSources } from "./build-catalog.ts";
import type { ListingKeeper } from "./kept-listings.ts";
import type { SourceOverrides } from "./source-overrides.ts";
import { isSameListing } from "./is-same-listing.ts";
import { toIdentifier } from "./to-identifier.ts";
import { unconfirmed } from "./unconfirmed.ts";

export interface LiveCatalogOptions {
  readonly sources: readonly Source[];
  /** By source name as configured. */
  readonly overrides?: { readonly [source: string]: SourceOverrides };
  readonly keeper?: ListingKeeper;
  /**
   * `background`: every source is dialled at once. `lazy`: only a source of which nothing is kept is
   * dialled; the others when a call needs them.
   */
  readonly dial?: "background" | "lazy";
  /** Names of sources whose answers teach no shapes. */
  readonly unobserved?: ReadonlySet<string>;
}

/** A source that failed is asked again by the next question after this long. */
const retryMs = 5_000;

interface Entry {
  readonly source: Source;
  readonly identifier: string;
  listing?: SourceListing;
  kept: boolean;
  failure?: { readonly reason: string; readonly at: number };
  observed: Map<string, JsonSchema>;
  built?: CatalogSource;
  listingNow?: Promise<void>;
  /** Begins once what is under way has ended, so that it says nothing older than its asking. */
  listingNext?: Promise<void> | undefined;
  saving: Promise<void>;
  readonly subscription?: Disposable;
}

export class LiveCatalog implements AsyncDisposable {
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  readonly #closing = new AbortController();
  readonly #options: LiveCatalogOptions;
  readonly #loaded: Promise<void>;
  #catalog: Catalog | undefined;

  constructor(options: LiveCatalogOptions) {
    this.#options = options;
    for (const source of options.sources) {
      const identifier = toIdentifier(source.name);
      const subscription = source.onListChanged?.(() => void this.#list(identifier));
      this.#entries.set(identifier, {
        source,
        identifier,
        ...(source.known === undefined ? {} : { listing: source.known }),
        kept: false,
        observed: new Map(),
        saving: Promise.resolve(),
        ...(subscription === undefined ? {} : { subscription }),
      });
    }
    this.#loaded = this.#load();
  }

  /**
   * The catalog as known now. Waits for sources of which nothing is known yet, `fresh` for all of them;
   * neither waits for longer than the sources' own timeouts, and a source that fails holds up nobody.
   */
  async current(options: { readonly fresh?: boolean; readonly signal?: AbortSignal } = {}): Promise<Catalog> {
    await this.#loaded;
    const waits: Promise<void>[] = [];
    for (const entry of this.#entries.values()) {
      if (isConfirmed(entry)) continue;
      if (entry.failure !== undefined && Date.now() - entry.failure.at < retryMs && options.fresh !== true)
        continue;
      const unknown = entry.listing === undefined && entry.failure === undefined;
      if (unknown || options.fresh === true) waits.push(this.#list(entry.identifier));
      else if (entry.failure !== undefined) void this.#list(entry.identifier);
    }
    if (waits.length > 0) await untilAborted(Promise.all(waits), options.signal);
    return this.now();
  }

  /**
   * The tool as its source says it is now; nothing where the source has it no more. `always` asks the source whatever it
   * has said before; `kept` only where all that is known is from an earlier start, and then what is known stands if the
   * source cannot be asked. Throws `source_unavailable` when it cannot, or has not answered after `timeoutMs`.
   */
  async confirm(tool: Tool, { when, signal, timeoutMs }: ConfirmOptions): Promise<Tool | undefined> {
    const entry = this.#entries.get(tool.source);
    // Saved snippets and the like have no source behind them.
    if (entry === undefined || (when === "kept" && !entry.kept)) return tool;
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      await untilAborted(this.#listAfresh(entry), AbortSignal.any([signal, deadline]));
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      if (when === "always") throw unconfirmed(tool, `it did not answer within ${timeoutMs} ms.`);
      return tool;
    }
    const reason = entry.failure?.reason ?? entry.listing?.outage;
    if (reason !== undefined && when === "always") throw unconfirmed(tool, reason);
    if (entry.listing === undefined) return tool;
    return this.now().tools.get(tool.path);
  }

  /** The catalog as known at this moment, without waiting. */
  now(): Catalog {
    this.#catalog ??= joinSources([...this.#entries.values()].flatMap((entry) => this.#build(entry)));
    return this.#catalog;
  }

  /** The live source behind a catalog's source name. */
  source(identifier: string): Source | undefined {
    return this.#entries.get(identifier)?.source;
  }

  overview(): readonly SourceOverview[] {
    return [...this.#entries.values()].map((entry) => ({
      name: entry.identifier,
      kind: entry.source.kind,
      status: toStatus(entry),
      tools: entry.built?.tools.length ?? entry.listing?.tools.length ?? 0,
      kept: entry.kept,
      ...(entry.listing?.title === undefined ? {} : { title: entry.listing.title }),
      issues: entry.built?.issues ?? entry.listing?.issues ?? [],
    }));
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** A call was answered: confirms a kept listing in the background and learns the answer's shape. */
  answered(identifier: string, upstreamName: string, value: Value, statesOutput: boolean): void {
    const entry = this.#entries.get(identifier);
    if (entry === undefined) return;
    if (entry.kept) void this.#list(identifier);
    if (statesOutput || this.#options.unobserved?.has(entry.source.name) === true) return;
    const before = entry.observed.get(upstreamName);
    const after = learnShape(before, value);
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(after)) return;
    entry.observed.set(upstreamName, after);
    this.#changed(entry);
    this.#save(entry);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#listeners.clear();
    await this.#loaded;
    await Promise.allSettled(
      [...this.#entries.values()].map(async (entry) => {
        entry.subscription?.[Symbol.dispose]();
        await entry.source[Symbol.asyncDispose]();
        await entry.listingNow;
        await entry.saving;
      }),
    );
  }

  async #load(): Promise<void> {
    await Promise.all(
      [...this.#entries.values()].map(async (entry) => {
        const kept = await this.#options.keeper?.load(entry.source.name, entry.source.fingerprint);
        if (kept !== undefined) {
          entry.listing = kept.listing;
          entry.observed = new Map(kept.observed);
          entry.kept = true;
        }
        if (kept === undefined || this.#options.dial !== "lazy") void this.#list(entry.identifier);
      }),
    );
  }

  /** Asks the source for its tools; one question at a time per source. */
  #list(identifier: string): Promise<void> {
    const entry = this.#entries.get(identifier);
    if (entry === undefined || this.#closing.signal.aborted) return Promise.resolve();
    entry.listingNow ??= this.#ask(entry).finally(() => delete entry.listingNow);
    return entry.listingNow;
  }

  /** Whoever asks while a listing is under way shares the next one. */
  #listAfresh(entry: Entry): Promise<void> {
    entry.listingNext ??= (entry.listingNow ?? Promise.resolve()).then(() => {
      entry.listingNext = undefined;
      return this.#list(entry.identifier);
    });
    return entry.listingNext;
  }

  async #ask(entry: Entry): Promise<void> {
    try {
      const listing = await entry.source.list({ signal: this.#closing.signal });
      const same = !entry.kept && entry.failure === undefined && isSameListing(listing, entry.listing);
      // Nobody need hear that everything is as it was.
      if (same) return;
      entry.listing = listing;
      entry.kept = false;
      delete entry.failure;
      this.#save(entry);
    } catch (error) {
      entry.failure = { reason: toCodemodeError(error).message, at: Date.now() };
    }
    if (!this.#closing.signal.aborted) this.#changed(entry);
  }

  #changed(entry: Entry): void {
    delete entry.built;
    this.#catalog = undefined;
    for (const listener of this.#listeners) listener();
  }

  #build(entry: Entry): CatalogSource[] {
    if (entry.listing === undefined) return [];
    const overrides = this.#options.overrides?.[entry.source.name];
    entry.built ??= buildSource({
      name: entry.source.name,
      listing: entry.listing,
      observed: entry.observed,
      ...(overrides === undefined ? {} : { overrides }),
    });
    return [entry.built];
  }

  #save(entry: Entry): void {
    const { listing } = entry;
    const { keeper } = this.#options;
    if (listing === undefined || keeper === undefined) return;
    const kept = { listing, observed: [...entry.observed] };
    // A cache that cannot be written costs the next start time, nothing else.
    entry.saving = entry.saving
      .then(() => keeper.save(entry.source.name, entry.source.fingerprint, kept))
      .catch(() => undefined);
  }
}

function toStatus(entry: Entry): SourceStatus {
  const status = entry.source.status();
  // Connected, but what it offers is still to come.
  if (entry.listing === undefined && entry.failure === undefined && status.state === "ready")
    return { ...status, state: "starting" };
  if (entry.failure === undefined || status.state === "failed") return status;
  return { ...status, state: "failed", reason: entry.failure.reason };
}

function isConfirmed(entry: Entry): boolean {
  return entry.listing !== undefined && !entry.kept && entry.failure === undefined;
}

async function untilAborted(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return void (await work);
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
