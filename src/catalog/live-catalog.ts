/**
 * Follows all sources and always has a catalog to answer with: the last listing kept on disk until the
 * source itself has answered, the last good one when it fails. It never calls a tool.
 */
import { CodemodeError, toCodemodeError } from "../errors.ts";
import { learnShape } from "../schema/learn-shape.ts";
import type { CatalogRequest } from "../spec/catalog-request.ts";
import type { SourceOverview } from "../spec/codemode.ts";
import type { Source } from "../spec/source.ts";
import type { Catalog, CatalogSource, ConfirmOptions, SourceListing, Tool } from "../spec/tool.ts";
import type { Value } from "../spec/value.ts";
import { buildSource, joinSources } from "./build-catalog.ts";
import type { ListingKeeper } from "./kept-listings.ts";
import { isConfirmed, toStatus, toTrouble } from "./live-entry.ts";
import type { LiveEntry as Entry } from "./live-entry.ts";
import type { SourceOverrides } from "./source-overrides.ts";
import { isSameListing } from "./is-same-listing.ts";
import { toIdentifier } from "./to-identifier.ts";
import { unconfirmed } from "./unconfirmed.ts";
import { tooSlow, untilAborted, withinPatience } from "./wait-for-sources.ts";

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
  /** Milliseconds after which a source that has not answered counts as down, by its name. Default 20 s. */
  readonly startMs?: { readonly [source: string]: number | undefined };
}

/** Whoever asks what there is has an answer within three seconds. */
const answerPatienceMs = 2_000;
export const defaultStartMs = 20_000;
/** What the source itself says of its failure tells more than that it took too long. */
const slackMs = 500;

/** A source that failed is asked again by the next question after this long. */
const retryMs = 5_000;

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
   * neither waits for longer than the sources may take to start, and a source that fails holds up nobody.
   */
  async current(options: CatalogRequest = {}): Promise<Catalog> {
    await this.#loaded;
    const { fresh = false, wanted = () => true, patienceMs } = options;
    const waits: Promise<void>[] = [];
    for (const entry of this.#entries.values()) {
      if (isConfirmed(entry)) continue;
      if (entry.failure !== undefined && Date.now() - entry.failure.at < retryMs && !fresh) continue;
      const unknown = entry.listing === undefined && entry.failure === undefined;
      if (!unknown && !fresh && entry.failure === undefined) continue;
      const asked = this.#list(entry.identifier);
      if ((unknown || fresh) && wanted(entry.identifier)) waits.push(asked);
    }
    if (waits.length > 0) await untilAborted(withinPatience(waits, patienceMs), options.signal);
    return this.now();
  }

  /** What a question of a model or person is answered from: it waits a moment for what is starting, and no longer. */
  soon(): Promise<Catalog> {
    return this.current({ patienceMs: answerPatienceMs });
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
    const reason = entry.failure?.error.message ?? entry.listing?.outage;
    if (reason !== undefined && when === "always") throw unconfirmed(tool, reason);
    if (entry.listing === undefined) return tool;
    return this.now().tools.get(tool.path);
  }

  /** The catalog as known at this moment, without waiting. */
  now(): Catalog {
    const entries = [...this.#entries.values()];
    this.#catalog ??= joinSources(
      entries.flatMap((entry) => this.#build(entry)),
      entries.flatMap(toTrouble),
    );
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
          this.#catalog = undefined;
        }
        if (kept === undefined || this.#options.dial !== "lazy") void this.#list(entry.identifier);
      }),
    );
  }

  /** Asks the source for its tools; one question at a time per source. */
  #list(identifier: string): Promise<void> {
    const entry = this.#entries.get(identifier);
    if (entry === undefined || this.#closing.signal.aborted) return Promise.resolve();
    return entry.listingNow ?? this.#ask(entry);
  }

  /** Whoever asks while a listing is under way shares the next one. */
  #listAfresh(entry: Entry): Promise<void> {
    entry.listingNext ??= (entry.listingNow ?? Promise.resolve()).then(() => {
      entry.listingNext = undefined;
      return this.#list(entry.identifier);
    });
    return entry.listingNext;
  }

  /** Ends when the source has answered or failed, or has had its time: then it counts as down until it answers. */
  #ask(entry: Entry): Promise<void> {
    const asking = Promise.withResolvers<void>();
    entry.listingNow = asking.promise;
    const startMs = this.#options.startMs?.[entry.source.name] ?? defaultStartMs;
    const end = (outcome: SourceListing | CodemodeError): void => {
      clearTimeout(timer);
      if (outcome instanceof CodemodeError) this.#fail(entry, outcome);
      else this.#accept(entry, outcome);
      if (entry.listingNow === asking.promise) delete entry.listingNow;
      asking.resolve();
    };
    const timer = setTimeout(() => end(tooSlow(entry.source.name, startMs)), startMs + slackMs);
    entry.source
      .list({ signal: this.#closing.signal })
      .then(end, (error: unknown) => end(toCodemodeError(error)));
    return asking.promise;
  }

  #accept(entry: Entry, listing: SourceListing): void {
    const same = !entry.kept && entry.failure === undefined && isSameListing(listing, entry.listing);
    // Nobody need hear that everything is as it was.
    if (same) return;
    entry.listing = listing;
    entry.kept = false;
    delete entry.failure;
    this.#save(entry);
    if (!this.#closing.signal.aborted) this.#changed(entry);
  }

  #fail(entry: Entry, error: CodemodeError): void {
    entry.failure = { error, at: Date.now() };
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
