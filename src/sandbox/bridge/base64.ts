/**
 * Base64 without a platform: both sides of the bridge and every engine use the same code. Takes the engine's
 * own conversion where there is one.
 */

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const padding = 61;

export function bytesToBase64(bytes: Uint8Array): string {
  const native: unknown = Reflect.get(bytes, "toBase64");
  if (typeof native === "function") return String(Reflect.apply(native, bytes, []));
  const pieces: string[] = [];
  const chunk: number[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const bits = (byteAt(bytes, at) << 16) | (byteAt(bytes, at + 1) << 8) | byteAt(bytes, at + 2);
    chunk.push(letter(bits >> 18), letter(bits >> 12));
    chunk.push(left > 1 ? letter(bits >> 6) : padding, left > 2 ? letter(bits) : padding);
    if (chunk.length > 8_000) pieces.push(String.fromCharCode(...chunk.splice(0)));
  }
  pieces.push(String.fromCharCode(...chunk));
  return pieces.join("");
}

/** `undefined` when the text is not canonical base64. */
export function base64ToBytes(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const pad = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - pad);
  let out = 0;
  for (let at = 0; at < text.length; at += 4) {
    const last = at + 4 === text.length;
    const c = last && pad > 1 ? 0 : digit(text, at + 2);
    const d = last && pad > 0 ? 0 : digit(text, at + 3);
    const bits = (digit(text, at) << 18) | (digit(text, at + 1) << 12) | (c << 6) | d;
    if (bits < 0) return undefined;
    bytes[out++] = bits >> 16;
    if (out < bytes.length) bytes[out++] = bits >> 8;
    if (out < bytes.length) bytes[out++] = bits;
  }
  return bytes;
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function letter(bits: number): number {
  return alphabet.charCodeAt(bits & 63);
}

const digits = new Int8Array(128).fill(-1);
for (let index = 0; index < alphabet.length; index++) digits[alphabet.charCodeAt(index)] = index;

/** -1 for what is no base64 letter; or-ing it in makes the whole group negative. */
function digit(text: string, at: number): number {
  return digits[text.charCodeAt(at)] ?? -1;
}
