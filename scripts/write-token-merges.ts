/**
 * Writes the first merges of the o200k vocabulary into the product, from the tokenizer that the tests use:
 * `node scripts/write-token-merges.ts`. A test compares what is written with that tokenizer.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, brotliCompressSync } from "node:zlib";
import ranks from "gpt-tokenizer/bpeRanks/o200k_base";

const merges = 32_000;

/** Each token as its length and its bytes, in the order of the ranks. */
const packed = Buffer.concat(
  ranks.slice(0, merges).map((token) => {
    const bytes = typeof token === "string" ? Buffer.from(token, "utf8") : Buffer.from(token);
    return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  }),
);
const compressed = brotliCompressSync(packed, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
});
const text = `/**
 * The first ${merges.toLocaleString("en-US")} tokens of OpenAI's o200k_base vocabulary (tiktoken, MIT license) in the order of their ranks: each as
 * one byte for its length and its bytes, compressed by Brotli, in base64. Written by scripts/write-token-merges.ts.
 */
export const tokenMerges =
  "${compressed.toString("base64")}";
`;
writeFileSync(join(import.meta.dirname, "../src/run/render/token-merges.ts"), text);
