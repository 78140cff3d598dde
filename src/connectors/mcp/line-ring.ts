/**
 * The last lines of a stream that nobody reads, in bounded memory: what a server wrote to stderr.
 */
import { StringDecoder } from "node:string_decoder";

export class LineRing {
  readonly #lines: string[] = [];
  readonly #maxLines: number;
  readonly #maxLength: number;
  readonly #decoder = new StringDecoder("utf8");
  #partial = "";

  constructor(limits: { readonly lines: number; readonly length: number }) {
    this.#maxLines = limits.lines;
    this.#maxLength = limits.length;
  }

  write(chunk: Buffer): void {
    const [first = "", ...rest] = this.#decoder.write(chunk).split("\n");
    this.#partial = this.#cut(this.#partial + this.#cut(first));
    for (const line of rest) {
      this.#push(this.#partial);
      this.#partial = this.#cut(line);
    }
  }

  /** The last lines, oldest first, the unfinished one included. */
  last(count: number): string[] {
    const partial = this.#partial.trim() === "" ? [] : [this.#partial.trimEnd()];
    return [...this.#lines, ...partial].slice(-count);
  }

  #push(line: string): void {
    if (line.trim() === "") return;
    this.#lines.push(line.trimEnd());
    if (this.#lines.length > this.#maxLines) this.#lines.shift();
  }

  #cut(text: string): string {
    return text.length > this.#maxLength ? text.slice(0, this.#maxLength) : text;
  }
}
