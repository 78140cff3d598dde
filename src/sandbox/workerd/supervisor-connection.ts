/**
 * One connection to the supervisor of a workerd process, used for one run: it is opened and answered ahead of
 * time, then carries the program, the upgrade and the first frame in a single write.
 */
import { connect, type Socket } from "node:net";
import { CodemodeError } from "../../errors.ts";
import type { GuestProgram } from "../../spec/engine.ts";
import type { RunHandlers, SandboxConnection } from "../session/sandbox-process.ts";
import { createMessageReader } from "./message-reader.ts";
import { refusalToError } from "./refusal-to-error.ts";
import { writeTextFrame } from "./websocket-frames.ts";

const host = "Host: sandbox\r\n";
const readyRequest = `GET / HTTP/1.1\r\n${host}\r\n`;
const upgradeHeaders =
  `${host}Upgrade: websocket\r\nConnection: Upgrade\r\n` +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
/** Characters of a program that travels in a header; a request of its own would cost a third of a millisecond. */
const maxInlineChars = 16 * 1024;
const maxHeadBytes = 64 * 1024;

/**
 * The runtime hangs up on a connection that asked for nothing for some fifteen seconds; one that has waited
 * longer than this is not used.
 */
const freshMs = 5_000;

export interface SupervisorConnection extends SandboxConnection {
  /** False once it has waited so long that it may end at any moment, or has ended. */
  readonly isFresh: () => boolean;
}

/** Resolves once the supervisor has answered on the new connection, within `ms`. Throws `sandbox_died`. */
export function openSupervisorConnection(path: string, ms: number): Promise<SupervisorConnection> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const timer = setTimeout(() => socket.destroy(), ms);
    const fail = (cause?: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new CodemodeError("sandbox_died", "The sandbox process does not answer.", { cause }));
    };
    socket.once("error", fail);
    socket.once("close", () => fail());
    const reader = createResponseReader(socket);
    reader.next((head) => {
      socket.removeAllListeners();
      if (head.status !== 204) return fail();
      clearTimeout(timer);
      resolve(createConnection(socket));
    });
    socket.on("data", reader.take);
    socket.write(readyRequest);
  });
}

function createConnection(socket: Socket): SupervisorConnection {
  const openedAt = performance.now();
  let handlers: RunHandlers | undefined;
  socket.on("error", () => {});
  socket.on("close", () => {
    handlers?.onClosed();
    handlers = undefined;
  });

  function run({ code, modules }: GuestProgram, given: RunHandlers): void {
    handlers = given;
    if (socket.destroyed) return hangUp();
    const reader = createResponseReader(socket);
    const refuse = (head: ResponseHead): void => given.onRefused(refusalToError(head.body));
    const inline = modules === undefined ? toHeader(code) : undefined;
    const upgraded = (head: ResponseHead): void => {
      if (head.status !== 101) return refuse(head);
      socket.off("data", reader.take);
      const messages = createMessageReader({ ...given, onClosed: hangUp });
      socket.on("data", messages);
      messages(reader.rest());
    };
    const loaded = (head: ResponseHead): void => {
      if (head.status !== 204) return refuse(head);
      reader.next(upgraded);
    };
    reader.next(inline === undefined ? loaded : upgraded);
    socket.on("data", reader.take);
    socket.cork();
    if (inline === undefined) {
      const body = Buffer.from(modules === undefined ? code : JSON.stringify({ code, modules }));
      const kind = modules === undefined ? "" : "Modules: 1\r\n";
      socket.write(`POST / HTTP/1.1\r\n${host}${kind}Content-Length: ${body.length}\r\n\r\n`);
      socket.write(body);
    }
    socket.write(`GET / HTTP/1.1\r\n${upgradeHeaders}${inline ?? ""}\r\n`);
    process.nextTick(() => socket.uncork());
  }

  function hangUp(): void {
    handlers?.onClosed();
    close();
  }

  function close(): void {
    handlers = undefined;
    socket.destroy();
  }

  return {
    isFresh: () => !socket.destroyed && performance.now() - openedAt < freshMs,
    run,
    send(message) {
      if (!socket.destroyed) socket.write(writeTextFrame(message));
    },
    listen(on) {
      if (on) socket.resume();
      else socket.pause();
    },
    close,
  };
}

/** The header that carries a small program. */
function toHeader(code: string): string | undefined {
  if (code.length > maxInlineChars || !code.isWellFormed()) return undefined;
  const value = encodeURIComponent(code);
  return value.length > maxInlineChars ? undefined : `Program: ${value}\r\n`;
}

interface ResponseHead {
  readonly status: number;
  readonly body: string;
}

interface ResponseReader {
  readonly next: (onResponse: (head: ResponseHead) => void) => void;
  readonly take: (chunk: Buffer) => void;
  /** Bytes after the last response that was asked for. */
  readonly rest: () => Buffer;
}

/** Reads the supervisor's answers: a status line, headers, and a body of stated length. */
function createResponseReader(socket: Socket): ResponseReader {
  let bytes: Buffer = Buffer.alloc(0);
  let waiting: ((head: ResponseHead) => void) | undefined;

  function look(): void {
    while (waiting !== undefined) {
      const end = bytes.indexOf("\r\n\r\n");
      if (end < 0) {
        if (bytes.length > maxHeadBytes) socket.destroy();
        return;
      }
      const head = bytes.toString("latin1", 0, end);
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (length > maxHeadBytes) return void socket.destroy();
      if (bytes.length < end + 4 + length) return;
      const body = bytes.toString("utf8", end + 4, end + 4 + length);
      bytes = bytes.subarray(end + 4 + length);
      const answer = waiting;
      waiting = undefined;
      answer({ status: Number(head.slice(9, 12)), body });
    }
  }

  return {
    next(onResponse) {
      waiting = onResponse;
      look();
    },
    take(chunk) {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      look();
    },
    rest: () => bytes,
  };
}
