/**
 * The optional second opinion on a query: vectors from a function of the operator's, compared with those of
 * the tools. Vectors are made once per tool text; a provider that fails costs its opinion, never the search.
 */
import type { Tool } from "../spec/tool.ts";
import { splitWords } from "./split-words.ts";

/** Texts → one vector each, all of one length. Called with at most 128 texts. */
export type Embed = (texts: readonly string[]) => Promise<readonly (readonly number[])[]>;

export interface Embedding {
  /** Numbers of the tools nearest to the query, nearest first; empty when the provider fails. */
  nearestTools(tools: readonly Tool[], query: string, count: number): Promise<readonly number[]>;
}

const batchSize = 128;
const textChars = 600;

/** `onFailure` hears why the provider's opinion is missing. */
export function createEmbedding(embed: Embed, onFailure?: (error: unknown) => void): Embedding {
  const vectors = new Map<string, Float32Array>();

  async function addMissing(tools: readonly Tool[]): Promise<void> {
    const missing = [...new Set(tools.map(toText))].filter((text) => !vectors.has(text));
    for (let at = 0; at < missing.length; at += batchSize) {
      const batch = missing.slice(at, at + batchSize);
      const made = await embedAll(embed, batch);
      for (const [own, text] of batch.entries()) vectors.set(text, made[own] ?? new Float32Array());
    }
  }

  return {
    async nearestTools(tools, query, count) {
      try {
        await addMissing(tools);
        const [wanted = new Float32Array()] = await embedAll(embed, [query]);
        const scores = tools.map((tool) => dot(wanted, vectors.get(toText(tool)) ?? new Float32Array()));
        return [...scores.keys()]
          .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
          .slice(0, count);
      } catch (error) {
        onFailure?.(error);
        return [];
      }
    },
  };
}

function toText(tool: Tool): string {
  return `${splitWords(tool.path).join(" ")}: ${tool.description}`.slice(0, textChars);
}

/** Unit vectors, so that a product is a cosine. Throws when the provider does not keep its contract. */
async function embedAll(embed: Embed, texts: readonly string[]): Promise<Float32Array[]> {
  const made = await embed(texts);
  if (made.length !== texts.length)
    throw new TypeError(`embed answered ${made.length} vectors for ${texts.length} texts.`);
  return made.map((vector) => {
    const length = Math.hypot(...vector);
    if (!Number.isFinite(length))
      throw new TypeError("embed answered a vector that is not of finite numbers.");
    return Float32Array.from(vector, (value) => (length === 0 ? 0 : value / length));
  });
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < Math.min(a.length, b.length); at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}
