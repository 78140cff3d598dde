/**
 * WebSocket framing for the one connection there is: to a sandbox process of ours over a unix socket. Messages
 * of the guest are whole text frames of bounded size; anything else breaks the session.
 */

export type FrameReading =
  | { readonly kind: "more"; readonly needed: number }
  | { readonly kind: "message"; readonly payload: Buffer; readonly end: number }
  | { readonly kind: "close" }
  | { readonly kind: "violation"; readonly reason: string };

const opText = 1;
const opClose = 8;
const opPing = 9;
const opPong = 10;
const final = 0x80;
const masked = 0x80;

/** Reads the frame that begins at `at`. `needed`: bytes from `at` that must be there before it is tried again. */
export function readFrame(buffer: Buffer, at: number, maxBytes: number): FrameReading {
  const there = buffer.length - at;
  if (there < 2) return { kind: "more", needed: 2 };
  const first = buffer.readUInt8(at);
  const second = buffer.readUInt8(at + 1);
  const op = first & 0x0f;
  if (op === opClose) return { kind: "close" };
  if (
    op === opPing ||
    op === opPong ||
    (first & 0xf0) !== final ||
    op !== opText ||
    (second & masked) !== 0
  ) {
    return { kind: "violation", reason: "a message is not one whole text frame" };
  }
  const header = second === 127 ? 10 : second === 126 ? 4 : 2;
  if (there < header) return { kind: "more", needed: header };
  const length = payloadLength(buffer, at, second);
  if (length > maxBytes) return { kind: "violation", reason: `a message is larger than ${maxBytes} bytes` };
  const end = at + header + length;
  if (there < header + length) return { kind: "more", needed: header + length };
  return { kind: "message", payload: buffer.subarray(at + header, end), end };
}

function payloadLength(buffer: Buffer, at: number, second: number): number {
  if (second === 126) return buffer.readUInt16BE(at + 2);
  return second === 127 ? Number(buffer.readBigUInt64BE(at + 2)) : second;
}

/** A text frame as a client must send it, masked by zeros: there is no proxy in between to protect. */
export function writeTextFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = length < 126 ? 6 : length < 65_536 ? 8 : 14;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = final | opText;
  if (length < 126) frame[1] = masked | length;
  else if (length < 65_536) {
    frame[1] = masked | 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = masked | 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.fill(0, header - 4, header);
  frame.write(text, header, "utf8");
  return frame;
}
