/**
 * Encrypts texts for a store and binds each to its place in it: AES-256-GCM with a random nonce and the place
 * as additional data, so that a text moved to another row does not open. Knows nothing of rows.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { CodemodeError } from "../../errors.ts";

export interface Seal {
  /** Two sealings of one text differ. */
  readonly seal: (text: string, place: string) => string;
  /** Two sealings of one text for one place are the same, so that a store can compare them. */
  readonly sealStable: (text: string, place: string) => string;
  /** Throws `store_key_wrong`, and `store_corrupt` for a text that was changed or moved. */
  readonly open: (sealed: string, place: string) => string;
  readonly sealBytes: (bytes: Uint8Array, place: string) => Uint8Array;
  /** Throws like `open`. */
  readonly openBytes: (sealed: Uint8Array, place: string) => Uint8Array;
}

const mark = "sealed:1:";
const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

export function isSealed(text: string): boolean {
  return text.startsWith(mark);
}

export function areSealed(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, mark.length)).toString("latin1") === mark;
}

/** `key`: 32 bytes as base64 or hex. Throws `store_key_wrong` for anything else. */
export function createSeal(key: string): Seal {
  const secret = decodeKey(key.trim());
  const forTexts = derive(secret, "texts");
  const forNonces = derive(secret, "nonces");
  // Told apart by its first characters, so that another key is not mistaken for a damaged store.
  const header = `${mark}${createHash("sha256").update(derive(secret, "name")).digest("hex").slice(0, 8)}:`;

  function encrypt(nonce: Buffer, plain: Uint8Array, place: string): Buffer {
    const cipher = createCipheriv("aes-256-gcm", forTexts, nonce);
    cipher.setAAD(Buffer.from(place));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([nonce, body, cipher.getAuthTag()]);
  }

  function decrypt(bytes: Uint8Array, place: string): Buffer {
    try {
      const decipher = createDecipheriv("aes-256-gcm", forTexts, bytes.subarray(0, nonceBytes));
      decipher.setAAD(Buffer.from(place));
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      const body = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
      return Buffer.concat([body, decipher.final()]);
    } catch (cause) {
      throw new CodemodeError("store_corrupt", "An encrypted part of the store was changed or moved.", {
        hint: "Put the file aside and restore a backup.",
        cause,
      });
    }
  }

  function sealWith(nonce: Buffer, text: string, place: string): string {
    return header + encrypt(nonce, Buffer.from(text), place).toString("base64");
  }

  return {
    seal: (text, place) => sealWith(randomBytes(nonceBytes), text, place),
    sealStable: (text, place) => {
      const nonce = createHmac("sha256", forNonces).update(place).update("\0").update(text).digest();
      return sealWith(nonce.subarray(0, nonceBytes), text, place);
    },
    open: (sealed, place) => {
      if (!sealed.startsWith(header)) throw keyWrong();
      return decrypt(Buffer.from(sealed.slice(header.length), "base64"), place).toString("utf8");
    },
    sealBytes: (bytes, place) =>
      Buffer.concat([Buffer.from(header), encrypt(randomBytes(nonceBytes), bytes, place)]),
    openBytes: (sealed, place) => {
      if (!Buffer.from(sealed.subarray(0, header.length)).equals(Buffer.from(header))) throw keyWrong();
      return decrypt(sealed.subarray(header.length), place);
    },
  };
}

function decodeKey(text: string): Buffer {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, "hex") : Buffer.from(text, "base64");
  if (key.length === keyBytes && /^[\w+/=-]+$/.test(text)) return key;
  throw new CodemodeError("store_key_wrong", "The store's key must be 32 bytes as base64 or hex.", {
    hint: "Make one with: openssl rand -base64 32",
  });
}

function derive(secret: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, Buffer.alloc(0), `codemode store ${purpose}`, keyBytes));
}

function keyWrong(): CodemodeError {
  return new CodemodeError("store_key_wrong", "The store was encrypted with another key.", {
    hint: 'Give the key that it was written with under "store.key".',
  });
}
