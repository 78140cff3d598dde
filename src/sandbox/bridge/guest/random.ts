/**
 * Random numbers that a replay sees again: xoshiro128** seeded by the run's seed. Good enough for shuffles and
 * ids; nothing in a snippet may rest on them being secret.
 */

export interface Random {
  /** `Math.random` */
  readonly random: () => number;
  readonly getRandomValues: <T extends ArrayBufferView>(array: T) => T;
  readonly randomUUID: () => string;
}

export function createRandom(seed: string): Random {
  const state = seedState(seed);
  const next = (): number => step(state);

  function fill(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at++) bytes[at] = next() >>> 24;
  }

  return {
    random: () => (next() >>> 5) / 2 ** 27 + (next() >>> 6) / 2 ** 53,
    getRandomValues(array) {
      if (!ArrayBuffer.isView(array) || array.byteLength > 65_536) {
        throw new TypeError("getRandomValues fills a typed array of at most 65536 bytes.");
      }
      fill(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
      return array;
    },
    randomUUID() {
      const bytes = new Uint8Array(16);
      fill(bytes);
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
      const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
        "-",
      );
    },
  };
}

/** Four words out of the text by FNV-1a with different starts, then mixed. */
function seedState(seed: string): Uint32Array {
  const state = new Uint32Array(4);
  for (let word = 0; word < 4; word++) {
    let hash = 0x811c9dc5 ^ Math.imul(word + 1, 0x9e3779b9);
    for (let at = 0; at < seed.length; at++) hash = Math.imul(hash ^ seed.charCodeAt(at), 0x01000193);
    state[word] = hash ^ (hash >>> 15);
  }
  if (state.every((word) => word === 0)) state[0] = 1;
  for (let round = 0; round < 16; round++) step(state);
  return state;
}

function step(state: Uint32Array): number {
  const [a = 0, b = 0, c = 0, d = 0] = state;
  const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
  const mixed = c ^ a;
  const last = d ^ b;
  state[1] = b ^ mixed;
  state[0] = a ^ last;
  state[2] = mixed ^ (b << 9);
  state[3] = rotate(last, 11);
  return result;
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
