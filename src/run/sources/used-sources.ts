/**
 * The sources that a run has used, while a session of it goes on: each is identified once, and its identity goes to the
 * journal with the first commit after that, which is that of the question or of the intent.
 */
import type { SourceIdentity } from "../../spec/source-identity.ts";
import type { Batch, RunOrigin } from "../../spec/journal.ts";
import { readSources, writeSources, type RecordedSource } from "./recorded-sources.ts";

export class UsedSources {
  readonly #sources: Map<string, RecordedSource>;
  readonly #asked = new Map<string, Promise<void>>();
  readonly #identify: (name: string, signal: AbortSignal) => Promise<SourceIdentity | undefined>;
  #changes = 0;
  #savedChanges = 0;

  constructor(
    origin: Pick<RunOrigin, "runId" | "sources">,
    identify: (name: string, signal: AbortSignal) => Promise<SourceIdentity | undefined>,
  ) {
    this.#sources = new Map(readSources(origin));
    this.#identify = identify;
  }

  /** A call of the source is about to be asked about or sent. Throws `source_unavailable`. */
  use(name: string, signal: AbortSignal): Promise<void> {
    if (this.#sources.get(name)?.used === true) return Promise.resolve();
    const asked = this.#asked.get(name) ?? this.#note(name, signal);
    this.#asked.set(name, asked);
    return asked;
  }

  /** Sources that the program names and has not used yet. */
  name(sources: Iterable<readonly [string, RecordedSource]>): void {
    for (const [name, source] of sources) if (!this.#sources.has(name)) this.#set(name, source);
  }

  /** What the journal does not have yet; `saved` is told once it has. */
  get unsaved(): { readonly batch: Pick<Batch, "sources">; readonly saved: () => void } | undefined {
    const changes = this.#changes;
    if (changes === this.#savedChanges) return undefined;
    const saved = (): void => void (this.#savedChanges = Math.max(this.#savedChanges, changes));
    return { batch: { sources: writeSources(this.#sources) }, saved };
  }

  #set(name: string, source: RecordedSource): void {
    this.#sources.set(name, source);
    this.#changes += 1;
  }

  async #note(name: string, signal: AbortSignal): Promise<void> {
    try {
      const identity = await this.#identify(name, signal);
      if (identity !== undefined) this.#set(name, { identity, used: true });
    } finally {
      this.#asked.delete(name);
    }
  }
}
