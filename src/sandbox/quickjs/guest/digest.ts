/**
 * `crypto.subtle.digest`, computed by the process around the machine; the harness adds the seeded rest of
 * `crypto`. Everything else of `subtle` is `unsupported`.
 */
import { createRefusal } from "../../bridge/guest/replace-globals.ts";
import { defineGlobal } from "./define-global.ts";

const digestNames: ReadonlyMap<string, string> = new Map([
  ["SHA-1", "sha1"],
  ["SHA-256", "sha256"],
  ["SHA-384", "sha384"],
  ["SHA-512", "sha512"],
]);

export function installDigest({ digest: hash }: Pick<HostFunctions, "digest">): void {
  async function digest(algorithm: unknown, data: unknown): Promise<ArrayBuffer> {
    const given: unknown =
      typeof algorithm === "object" && algorithm !== null ? Reflect.get(algorithm, "name") : algorithm;
    const name = digestNames.get(String(given).toUpperCase());
    if (name === undefined) return createRefusal(`crypto.subtle.digest("${String(given)}")`, digestHint)();
    if (ArrayBuffer.isView(data)) {
      const { buffer, byteOffset, byteLength } = data;
      return hash(name, Uint8Array.from(new Uint8Array(buffer, byteOffset, byteLength)).buffer);
    }
    if (data instanceof ArrayBuffer) return hash(name, data);
    throw new TypeError("crypto.subtle.digest takes an ArrayBuffer or a view of one.");
  }
  defineGlobal("crypto", { subtle: { digest } });
}

const digestHint = `It has ${[...digestNames.keys()].join(", ")}.`;
