/**
 * `TextEncoder` and `TextDecoder` for UTF-8, as the Encoding standard has them. Other encodings and streams are
 * `unsupported`.
 */
import { createRefusal } from "../../bridge/guest/replace-globals.ts";
import { defineGlobal } from "./define-global.ts";

const replacement = 0xfffd;
const utf8Labels: ReadonlySet<string> = new Set(["utf-8", "utf8", "unicode-1-1-utf-8"]);
const onlyUtf8 = "The quickjs engine decodes UTF-8 in one piece.";

export function installTextCoding(): void {
  defineGlobal(
    "TextEncoder",
    class TextEncoder {
      readonly encoding = "utf-8";
      encode(text: unknown = ""): Uint8Array {
        return encodeUtf8(String(text));
      }
      encodeInto(text: unknown, into: Uint8Array): { read: number; written: number } {
        return encodeUtf8Into(String(text), into);
      }
    },
  );
  defineGlobal(
    "TextDecoder",
    class TextDecoder {
      readonly encoding = "utf-8";
      readonly fatal: boolean;
      readonly ignoreBOM: boolean;
      constructor(label: unknown = "utf-8", options: TextDecoderOptions = {}) {
        const name = String(label).trim().toLowerCase();
        if (!utf8Labels.has(name)) createRefusal(`TextDecoder("${name}")`, onlyUtf8)();
        this.fatal = options.fatal ?? false;
        this.ignoreBOM = options.ignoreBOM ?? false;
      }
      decode(input?: ArrayBuffer | ArrayBufferView, options: TextDecodeOptions = {}): string {
        if (options.stream) createRefusal("TextDecoder.decode with stream", onlyUtf8)();
        if (input === undefined) return "";
        const bytes = ArrayBuffer.isView(input)
          ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
          : new Uint8Array(input);
        return decodeUtf8(bytes, this.fatal, this.ignoreBOM);
      }
    },
  );
}

function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  return bytes.slice(0, encodeUtf8Into(text, bytes).written);
}

/** Halves of surrogate pairs that stand alone become U+FFFD. */
function encodeUtf8Into(text: string, into: Uint8Array): { read: number; written: number } {
  let written = 0;
  let read = 0;
  while (read < text.length) {
    const point = text.codePointAt(read) ?? 0;
    const code = point >= 0xd800 && point <= 0xdfff ? replacement : point;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (written + size > into.length) break;
    if (size === 1) into[written] = code;
    else {
      into[written] = ((0xf00 >> size) & 0xff) | (code >> (6 * (size - 1)));
      for (let at = 1; at < size; at++) into[written + at] = 0x80 | ((code >> (6 * (size - 1 - at))) & 0x3f);
    }
    written += size;
    read += size === 4 ? 2 : 1;
  }
  return { read, written };
}

/** Least and greatest second byte by first byte; 0x80 to 0xbf where it is not listed. */
const secondBytes: { readonly [first: number]: readonly [least: number, most: number] } = {
  0xe0: [0xa0, 0xbf],
  0xed: [0x80, 0x9f],
  0xf0: [0x90, 0xbf],
  0xf4: [0x80, 0x8f],
};

function decodeUtf8(bytes: Uint8Array, fatal: boolean, ignoreBom: boolean): string {
  const pieces: string[] = [];
  let points: number[] = [];
  const hasBom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  for (let at = hasBom && !ignoreBom ? 3 : 0; at < bytes.length;) {
    const first = bytes[at++] ?? 0;
    const more = continuationBytes(first);
    let [least, most] = secondBytes[first] ?? [0x80, 0xbf];
    let point = more <= 0 ? first : first & (0x3f >> more);
    let left = more;
    for (; left > 0; left--) {
      const next = bytes[at] ?? 0;
      if (next < least || next > most) break;
      point = (point << 6) | (next & 0x3f);
      at++;
      least = 0x80;
      most = 0xbf;
    }
    if (left !== 0 && fatal) throw new TypeError("The bytes are not UTF-8.");
    points.push(left === 0 ? point : replacement);
    if (points.length === 4_096) {
      pieces.push(String.fromCodePoint(...points));
      points = [];
    }
  }
  return pieces.join("") + String.fromCodePoint(...points);
}

/** -1 for a byte that begins nothing. */
function continuationBytes(first: number): number {
  if (first < 0x80) return 0;
  if (first < 0xc2 || first > 0xf4) return -1;
  return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
}
