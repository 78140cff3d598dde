/**
 * Marks the numbers in an HTTP answer that the protocol client would round when it parses it: in each `data:` line of an
 * event stream, in anything else as a whole. Works on bytes as they are, since what is looked for is ASCII and no byte of
 * a longer UTF-8 sequence is. Bounds are counted before it.
 */
import { markNumbers } from "../../json/mark-numbers.ts";

export type MarkBytes = (text: string) => string;

/** Until its end nothing of the body is used. */
export function markBody(mark: MarkBytes): TransformStream<Uint8Array, Uint8Array> {
  const chunks: Uint8Array[] = [];
  return new TransformStream({
    transform(chunk) {
      chunks.push(chunk);
    },
    flush(controller) {
      const body = Buffer.concat(chunks);
      if (body.length > 0) controller.enqueue(marked(body, mark));
    },
  });
}

/** Lines are passed on as they end. */
export function markEvents(mark: MarkBytes): TransformStream<Uint8Array, Uint8Array> {
  let rest: Uint8Array[] = [];
  return new TransformStream({
    transform(chunk, controller) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const end = Math.max(bytes.lastIndexOf(lineFeed), bytes.lastIndexOf(carriageReturn));
      if (end === -1) {
        rest.push(chunk);
        return;
      }
      const lines = Buffer.concat([...rest, bytes.subarray(0, end + 1)]);
      rest = end + 1 < bytes.length ? [bytes.subarray(end + 1)] : [];
      controller.enqueue(markLines(lines, mark));
    },
    flush(controller) {
      const last = Buffer.concat(rest);
      if (last.length > 0) controller.enqueue(markLines(last, mark));
    },
  });
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Fields other than `data` are no JSON; a byte order mark may stand before the first. */
function markLines(bytes: Buffer, mark: MarkBytes): Uint8Array {
  const text = bytes.toString("latin1");
  if (mark(text) === text) return bytes;
  const lines = text.split(/(?<=[\r\n])/);
  return Buffer.from(
    lines.map((line) => (/^(?:\xEF\xBB\xBF)?data:/.test(line) ? mark(line) : line)).join(""),
    "latin1",
  );
}

function marked(bytes: Buffer, mark: MarkBytes): Uint8Array {
  const text = bytes.toString("latin1");
  const changed = mark(text);
  return changed === text ? bytes : Buffer.from(changed, "latin1");
}

/** Of one connection: `seen` is told once something was marked. */
export function markWith(mark: string, seen: () => void): MarkBytes {
  return (text) => {
    const changed = markNumbers(text, mark);
    if (changed !== text) seen();
    return changed;
  };
}
