/**
 * Cuts a byte stream into lines in bounded memory. A line past the bound is thrown away while it arrives;
 * only its ends are kept, for whoever wants to know which answer it was.
 */

export interface LongLine {
  readonly bytes: number;
  readonly head: string;
  readonly tail: string;
}

interface LineListener {
  line(text: string): void;
  tooLong(line: LongLine): void;
}

const keptEnds = 512;

export class BoundedLines {
  readonly #listener: LineListener;
  readonly #maxBytes: () => number;
  #chunks: Buffer[] = [];
  #length = 0;
  #dropping: { head: Buffer; tail: Buffer } | undefined;

  /** `maxBytes` is asked for each chunk: the bound may differ with what is awaited. */
  constructor(listener: LineListener, maxBytes: () => number) {
    this.#listener = listener;
    this.#maxBytes = maxBytes;
  }

  write(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      this.#add(rest.subarray(0, end));
      this.#finish();
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) this.#add(rest);
  }

  #add(part: Buffer): void {
    this.#length += part.length;
    if (this.#dropping !== undefined) {
      this.#dropping.tail = Buffer.concat([this.#dropping.tail, part.subarray(-keptEnds)]).subarray(
        -keptEnds,
      );
      return;
    }
    this.#chunks.push(part);
    if (this.#length <= this.#maxBytes()) return;
    const kept = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#dropping = {
      head: Buffer.from(kept.subarray(0, keptEnds)),
      tail: Buffer.from(kept.subarray(-keptEnds)),
    };
  }

  #finish(): void {
    const dropped = this.#dropping;
    const bytes = this.#length;
    const chunks = this.#chunks;
    this.#dropping = undefined;
    this.#chunks = [];
    this.#length = 0;
    if (dropped !== undefined) {
      const [head, tail] = [dropped.head.toString("utf8"), dropped.tail.toString("utf8")];
      this.#listener.tooLong({ bytes, head, tail });
      return;
    }
    const only = chunks.length === 1 ? chunks[0] : undefined;
    const text = (only ?? Buffer.concat(chunks)).toString("utf8").trim();
    if (text !== "") this.#listener.line(text);
  }
}
