/**
 * `atob` and `btoa` as the HTML standard has them, over the bridge's own base64.
 */
import { base64ToBytes, bytesToBase64 } from "../../bridge/base64.ts";
import { defineGlobal } from "./define-global.ts";

export function installBase64(): void {
  defineGlobal("btoa", function btoa(text: unknown): string {
    const binary = String(text);
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < binary.length; at++) {
      const code = binary.charCodeAt(at);
      if (code > 255) {
        const message = "btoa takes characters up to U+00FF: encode the text first, with TextEncoder.";
        throw new DOMException(message, "InvalidCharacterError");
      }
      bytes[at] = code;
    }
    return bytesToBase64(bytes);
  });
  defineGlobal("atob", function atob(text: unknown): string {
    const bare = String(text).replaceAll(/[\t\n\f\r ]/g, "");
    const letters = bare.length % 4 === 0 ? bare.replace(/={1,2}$/, "") : bare;
    const padded = letters + "=".repeat((4 - (letters.length % 4)) % 4);
    const bytes = letters.length % 4 === 1 || letters.includes("=") ? undefined : base64ToBytes(padded);
    if (bytes === undefined) throw new DOMException("The text is not base64.", "InvalidCharacterError");
    const pieces: string[] = [];
    for (let at = 0; at < bytes.length; at += 4_096) {
      pieces.push(String.fromCharCode(...bytes.subarray(at, at + 4_096)));
    }
    return pieces.join("");
  });
}
