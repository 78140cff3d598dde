/**
 * How the host and the process around a QuickJS machine cut their pipe into frames: four bytes of length, one
 * of kind, the payload. Both sides use this file; what a payload says is not its business.
 */

export type FrameKind = "program" | "message" | "renew" | "ready" | "refused";

/** A program, host to process; a message, both ways; the end of a run and the answer to it; a refusal. */
const frameKinds: readonly FrameKind[] = ["program", "message", "renew", "ready", "refused"];

const headerBytes = 5;

export function writeFrame(kind: FrameKind, text: string): Buffer {
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(headerBytes + length);
  frame.writeUInt32BE(length, 0);
  frame[4] = frameKinds.indexOf(kind);
  frame.write(text, headerBytes, "utf8");
  return frame;
}

export interface FrameReaderOptions {
  /** Bytes that a payload may have, asked when its header has come. */
  readonly maxBytes: () => number;
  readonly onFrame: (kind: FrameKind, payload: Buffer) => void;
  /** What comes is no frame; nothing is read after it. */
  readonly onViolation: (reason: string) => void;
}

/** Takes the pipe's chunks however they are cut. Holds no more than one frame and one chunk. */
export function createFrameReader({
  maxBytes,
  onFrame,
  onViolation,
}: FrameReaderOptions): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let held = 0;
  let needed = headerBytes;
  let broken = false;

  function fail(reason: string): void {
    broken = true;
    chunks = [];
    onViolation(reason);
  }

  return (chunk) => {
    if (broken) return;
    chunks.push(chunk);
    held += chunk.length;
    if (held < needed) return;
    const bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    let at = 0;
    for (needed = headerBytes; bytes.length - at >= needed;) {
      const length = bytes.readUInt32BE(at);
      const kind = frameKinds[bytes.readUInt8(at + 4)];
      if (kind === undefined) return fail("a frame of the pipe is of no known kind");
      const limit = maxBytes();
      if (length > limit) return fail(`a message is larger than ${limit} bytes`);
      if (bytes.length - at < headerBytes + length) {
        needed = headerBytes + length;
        break;
      }
      const begin = at + headerBytes;
      at = begin + length;
      onFrame(kind, bytes.subarray(begin, at));
    }
    const rest = bytes.subarray(at);
    chunks = rest.length === 0 ? [] : [rest];
    held = rest.length;
  };
}
