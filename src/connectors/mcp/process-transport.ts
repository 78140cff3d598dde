/**
 * Speaks JSON-RPC, one message a line, with a server process. Bounds a line, the rate and what waits to be
 * written; what is not JSON-RPC is skipped and counted. Meaning is left to the client above.
 */
import type { Readable, Writable } from "node:stream";
import { CallError } from "../../call-error.ts";
import { finished } from "node:stream/promises";
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";
import { isRecord } from "../../schema/is-record.ts";
import { BoundedLines, type LongLine } from "./bounded-lines.ts";
import { currentExchange } from "./exchange.ts";
import { LineRing } from "./line-ring.ts";
import type { McpSettings } from "./mcp-source-options.ts";
import type { ResolvedCommand } from "./resolve-entry.ts";
import { startServerProcess, type ServerProcess } from "./server-process.ts";
import type { TrafficWatch } from "./traffic-watch.ts";

/** Bytes that may wait for a server that does not read. */
const maxQueued = 64 * 2 ** 20;

/** Between asking, insisting and killing, for a process that never became a server. */
const unconnectedStopMs = 150;

/** After the process has ended, so long is waited for the rest of what it wrote. */
const drainMs = 250;

export class ProcessTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly errorLines = new LineRing({ lines: 100, length: 2_000 });
  /** How the process ended, once it has. */
  ended: string | undefined;
  /** The handshake is done: the server may have something to finish when it is stopped. */
  connected = false;
  /** Lines on stdout that were no JSON-RPC. */
  strayLines = 0;
  readonly #settings: McpSettings;
  readonly #target: ResolvedCommand;
  readonly #watch: TrafficWatch;
  #server: ServerProcess | undefined;
  /** One message after the other: a line may wait before it is whole. */
  #turn: Promise<void> = Promise.resolve();
  /** Characters that wait for their turn. */
  #queued = 0;
  #closed = false;

  constructor(settings: McpSettings, target: ResolvedCommand, watch: TrafficWatch) {
    this.#settings = settings;
    this.#target = target;
    this.#watch = watch;
  }

  get pid(): number | undefined {
    return this.#server?.child.pid;
  }

  async start(): Promise<void> {
    const server = await startServerProcess(this.#settings.name, this.#target);
    this.#server = server;
    if (this.#closed) {
      await server.stop(0);
      return;
    }
    const lines = new BoundedLines(
      { line: (text) => this.#receive(text), tooLong: (line) => this.#tooLong(line) },
      () => this.#watch.maxMessageBytes(),
    );
    server.child.stdout.on("data", (chunk: Buffer) => {
      if (!this.#closed && this.#watch.bytes(chunk.length)) lines.write(chunk);
    });
    server.child.stderr.on("data", (chunk: Buffer) => this.errorLines.write(chunk));
    void server.exited.then((how) => this.#end(server, how));
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#server?.child.stdin;
    if (stdin === undefined || !stdin.writable || this.#closed) {
      throw new CallError("source_unavailable", `"${this.#settings.name}" is not running.`, {
        outcome: "not_sent",
      });
    }
    if (stdin.writableLength + this.#queued > maxQueued) {
      throw new CallError("source_unavailable", `"${this.#settings.name}" does not read its input.`, {
        outcome: "not_sent",
      });
    }
    const text = JSON.stringify(message);
    const leaving = currentExchange.getStore()?.leaving;
    this.#queued += text.length;
    const turn = this.#turn.then(() => this.#write(stdin, text, leaving));
    this.#turn = turn.catch(() => undefined).then(() => void (this.#queued -= text.length));
    await turn;
  }

  /**
   * A line counts once its end is there: of one that must not leave any more it stays away, and the connection, which
   * has half a line then, is given up.
   */
  async #write(stdin: Writable, text: string, leaving: (() => void) | undefined): Promise<void> {
    if (leaving === undefined) {
      stdin.write(`${text}\n`);
      return;
    }
    if (stdin.writableLength > 0) await flushed(stdin);
    leaving();
    stdin.write(text);
    try {
      if (stdin.writableLength > 0) {
        await flushed(stdin);
        leaving();
      }
    } catch (thrown) {
      void this.close();
      throw thrown;
    }
    stdin.write("\n");
  }

  async close(): Promise<void> {
    const first = !this.#closed;
    this.#closed = true;
    const { stop } = this.#settings.timeouts;
    await this.#server?.stop(this.connected ? stop : Math.min(stop, unconnectedStopMs));
    if (first) this.onclose?.();
  }

  #receive(text: string): void {
    const message = parseMessage(this.#watch.markNumbers(text));
    if (message === undefined) this.strayLines += 1;
    else this.onmessage?.(message);
  }

  #tooLong(line: LongLine): void {
    this.#watch.tooLong(line.bytes, findAnswerId(line));
  }

  async #end(server: ServerProcess, how: string): Promise<void> {
    this.ended = how;
    const { stdout, stderr } = server.child;
    if (!this.#closed) await Promise.all([stdout, stderr].map(endOf));
    stdout.destroy();
    stderr.destroy();
    if (this.#closed) return;
    this.#closed = true;
    this.onclose?.();
  }
}

/** Resolves once all that was written is the system's; also when it never will be, since the end is told elsewhere. */
function flushed(stdin: Writable): Promise<void> {
  return new Promise((resolve) => stdin.write("", () => resolve()));
}

async function endOf(stream: Readable): Promise<void> {
  await finished(stream, { writable: false, signal: AbortSignal.timeout(drainMs) }).catch(() => undefined);
}

function parseMessage(text: string): JSONRPCMessage | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return isMessage(message) ? message : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(message: unknown): message is JSONRPCMessage {
  if (!isRecord(message) || message["jsonrpc"] !== "2.0") return false;
  if (typeof message["method"] === "string") return true;
  return "id" in message && ("result" in message || "error" in message);
}

/** Servers write the id first or last; anywhere else it is not looked for. */
function findAnswerId({ head, tail }: LongLine): number | undefined {
  const found =
    /^\s*\{\s*"jsonrpc"\s*:\s*"2\.0"\s*,\s*"id"\s*:\s*(\d{1,15})\s*,/.exec(head) ??
    /^\s*\{\s*"id"\s*:\s*(\d{1,15})\s*,/.exec(head) ??
    /,\s*"id"\s*:\s*(\d{1,15})\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/.exec(tail);
  return found?.[1] === undefined ? undefined : Number(found[1]);
}
