/**
 * The streams on which clients of the 2026-07-28 revision listen for changes: a bound on how many there are, under which
 * the client with most of them gives one up for another's.
 */
import { toGivingWay } from "./to-giving-way.ts";
import { trackBody } from "./track-body.ts";

interface OpenStream {
  readonly owner: string;
  readonly since: number;
  readonly end: () => void;
}

export class OpenStreams {
  readonly #most: number;
  readonly #streams = new Set<OpenStream>();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#streams.size;
  }

  /** Answers with a stream that may be ended for another's. */
  async open(
    request: Request,
    owner: string,
    answer: (request: Request) => Promise<Response>,
  ): Promise<Response> {
    const ending = new AbortController();
    const stream: OpenStream = { owner, since: performance.now(), end: () => ending.abort() };
    this.#makeRoom();
    this.#streams.add(stream);
    const forget = (): void => void this.#streams.delete(stream);
    try {
      // Its body has been read already.
      const { method, headers, signal } = request;
      const ended = AbortSignal.any([signal, ending.signal]);
      const asked = new Request(request.url, { method, headers, signal: ended });
      return trackBody(await answer(asked), forget, ending.signal);
    } catch (thrown) {
      forget();
      throw thrown;
    }
  }

  #makeRoom(): void {
    if (this.#streams.size < this.#most) return;
    const [first] = toGivingWay(this.#streams, { owner: ({ owner }) => owner, usedAt: ({ since }) => since });
    if (first === undefined) return;
    this.#streams.delete(first);
    first.end();
  }
}
