/**
 * The body of an HTTP request that is asked about when its bytes leave, not when the request is made: `fetch` reads it
 * once it has a connection, after names were looked up and another request's turn was waited for. As a blob it has its
 * length and can be read again, so that the request is the same on the wire and redirects are followed as ever.
 */

/** Parts so small that a connection commonly takes them at once. */
const partBytes = 64 * 1024;

export class LeavingBody extends Blob {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #leaving: () => void;

  /** `leaving` throws when what is left must stay; the request then fails. */
  constructor(text: string, leaving: () => void) {
    const bytes = new TextEncoder().encode(text);
    super([bytes]);
    this.#bytes = bytes;
    this.#leaving = leaving;
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const bytes = this.#bytes;
    const leaving = this.#leaving;
    let at = 0;
    return new ReadableStream(
      {
        pull(controller) {
          leaving();
          const part = bytes.slice(at, at + partBytes);
          at += part.length;
          controller.enqueue(part);
          if (at >= bytes.length) controller.close();
        },
      },
      // Nothing is read ahead.
      { highWaterMark: 0 },
    );
  }
}
