/**
 * The protocol's transport over standard input and output, with exact numbers in the arguments of tools: lines are marked
 * on their way to the transport's parser, and its messages restored.
 */
import type { Readable } from "node:stream";
import { Transform } from "node:stream";
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { markNumbers, newMark } from "../../json/mark-numbers.ts";
import { restoreNumbers } from "../../json/restore-numbers.ts";
import { exactArguments } from "./exact-arguments.ts";

/** Of a line, before its end; the transport has its own bound, and what is longer ends there. */
const mostBytes = 64 * 2 ** 20;
const lineFeed = 0x0a;

export class ExactStdio implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #mark = newMark();
  readonly #input: Readable;
  readonly #marking = this.#createMarking();
  readonly #inner = new StdioServerTransport(this.#marking);
  #hasMarks = false;

  constructor(input: Readable = process.stdin) {
    this.#input = input;
  }

  async start(): Promise<void> {
    Object.assign(this.#inner, {
      onmessage: (message: JSONRPCMessage) => this.#receive(message),
      onerror: (error: Error) => this.onerror?.(error),
      onclose: () => {
        this.#input.unpipe(this.#marking);
        this.#input.pause();
        this.onclose?.();
      },
    });
    await this.#inner.start();
    this.#input.pipe(this.#marking);
    this.#input.once("close", () => this.#marking.end());
  }

  send(message: JSONRPCMessage): Promise<void> {
    return this.#inner.send(message);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #receive(message: JSONRPCMessage): void {
    if (!this.#hasMarks) {
      this.onmessage?.(message);
      return;
    }
    const { value, inexact } = restoreNumbers(message, this.#mark);
    const { message: exact, refusal } = exactArguments(value, inexact);
    if (refusal === undefined) this.onmessage?.(exact as JSONRPCMessage);
    else this.send(refusal).catch((error: unknown) => this.onerror?.(error as Error));
  }

  #createMarking(): Transform {
    let rest: Buffer[] = [];
    let held = 0;
    const mark = (bytes: Buffer): Buffer => {
      const text = bytes.toString("latin1");
      const marked = markNumbers(text, this.#mark);
      if (marked === text) return bytes;
      this.#hasMarks = true;
      return Buffer.from(marked, "latin1");
    };
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const end = chunk.lastIndexOf(lineFeed) + 1;
        if (end === 0 && held <= mostBytes) {
          rest.push(chunk);
          held += chunk.length;
          done();
          return;
        }
        const whole = Buffer.concat([...rest, chunk.subarray(0, end)]);
        rest = end < chunk.length ? [chunk.subarray(end)] : [];
        held = chunk.length - end;
        done(null, mark(whole));
      },
      flush(done) {
        done(null, mark(Buffer.concat(rest)));
      },
    });
  }
}
