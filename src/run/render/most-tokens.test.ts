import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import fc from "fast-check";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { O200K_TOKEN_SPLIT_REGEX } from "gpt-tokenizer/encodingParams/constants";
import ranks from "gpt-tokenizer/bpeRanks/o200k_base";
import { describe, expect, it } from "vitest";
import { fitsTokens, mostTokens } from "./most-tokens.ts";
import { pieceEnd } from "./split-pieces.ts";
import { tokenMerges } from "./token-merges.ts";

const root = join(import.meta.dirname, "../../..");
const plain = { disallowedSpecial: new Set<string>() };

function split(text: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = pieceEnd(text, at);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

/** Everything that the expression tells apart, dense enough to meet. */
const tricky = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...Array.from("aZ9 \n\r\t/'\"{},:_-.éßЖжßǅʰ中あ가\u0301\u0903अ\u00A0\u2028\uFEFF٣Ⅷ😀𝔘𐐀\u200D\uD800"),
        "'s",
        "'LL",
        "'re",
        "  ",
        "\n\n",
      ),
      fc.string({ unit: "binary", maxLength: 4 }),
      fc.string({ unit: "grapheme", maxLength: 4 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(""));

const kinds: readonly (readonly [kind: string, text: string, above: number])[] = [
  ["prose", readFileSync(join(root, "docs/threat-model.md"), "utf8"), 0.25],
  ["code", readFileSync(join(root, "src/run/dispatch.ts"), "utf8"), 0.3],
  ["JSON", JSON.stringify(JSON.parse(readFileSync(join(root, "schema/codemode.schema.json"), "utf8"))), 0.3],
  [
    "a table",
    Array.from({ length: 300 }, (_, n) => `${n}\torder ${n % 7}\t${n * 1.25}\topen`).join("\n"),
    0.25,
  ],
  ["Russian", "Пользователь отправляет запрос, сервер возвращает результат и сохраняет его в файле.", 0.8],
  ["Chinese", "用户发送请求，服务器返回结果，数据保存在文件中，可以随时读取。", 0.8],
  ["Arabic", "يرسل المستخدم طلبًا ويعيد الخادم النتيجة ثم يحفظها في ملف.", 0.8],
];

describe("mostTokens", () => {
  it("splits as the tokenizer's expression does", { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(tricky, (text) => {
        expect(split(text)).toEqual([...text.matchAll(O200K_TOKEN_SPLIT_REGEX)].map(([piece]) => piece));
      }),
      { numRuns: 20_000 },
    );
  });

  it("never counts fewer tokens than the tokenizer", { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(fc.oneof(tricky, fc.string({ maxLength: 300 }), fc.lorem({ maxCount: 40 })), (made) => {
        // The reference loses a byte order mark when it reads its own vocabulary.
        const text = made.replaceAll("\uFEFF", "");
        expect(mostTokens(text)).toBeGreaterThanOrEqual(countTokens(text, plain));
      }),
      { numRuns: 10_000 },
    );
  });

  it.each(kinds)("is near the true count of %s", (_, text, above) => {
    const real = countTokens(text, plain);
    expect(mostTokens(text)).toBeGreaterThanOrEqual(real);
    expect(mostTokens(text)).toBeLessThanOrEqual(Math.ceil(real * (1 + above)));
  });

  it("counts a piece too long to be merged by its bytes", () => {
    expect(mostTokens("a".repeat(512))).toBeLessThan(300);
    expect(mostTokens("a".repeat(513))).toBe(513);
  });

  it("fits a text at exactly its tokens and not below", () => {
    const text = "Nine orders are open, two of them since May.";
    const tokens = mostTokens(text);
    expect(fitsTokens(text, tokens)).toBe(true);
    expect(fitsTokens(text, tokens - 1)).toBe(false);
  });

  it("holds the tokenizer's own first tokens, in their order", () => {
    const packed = brotliDecompressSync(Buffer.from(tokenMerges, "base64"));
    let at = 0;
    let rank = 0;
    for (; at < packed.length; rank += 1) {
      const length = packed[at] ?? 0;
      const token = ranks[rank] ?? [];
      const bytes = typeof token === "string" ? Buffer.from(token, "utf8") : Buffer.from(token);
      if (!bytes.equals(packed.subarray(at + 1, at + 1 + length))) expect.fail(`rank ${rank} differs`);
      at += 1 + length;
    }
    expect(rank).toBe(32_000);
  });
});
