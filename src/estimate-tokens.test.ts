import { readFileSync } from "node:fs";
import { join } from "node:path";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { expect, it } from "vitest";
import { estimateTokens } from "./estimate-tokens.ts";

const read = (path: string): string => readFileSync(join(import.meta.dirname, "..", path), "utf8");

const kinds: readonly (readonly [kind: string, text: string, above: number])[] = [
  ["prose", read("docs/threat-model.md"), 0.25],
  ["code", read("src/run/dispatch.ts"), 0.25],
  ["JSON", JSON.stringify(JSON.parse(read("package.json"))), 0.25],
  ["a table", Array.from({ length: 300 }, (_, n) => `${n}\torder ${n % 7}\t${n * 1.25}\topen`).join("\n"), 0.25],
  ["Russian", "Пользователь отправляет запрос, сервер возвращает результат и сохраняет его в файле.", 1],
  ["Chinese", "用户发送请求，服务器返回结果，数据保存在文件中，可以随时读取。", 1.2],
  ["Arabic", "يرسل المستخدم طلبًا ويعيد الخادم النتيجة ثم يحفظها في ملف.", 1],
]; // prettier-ignore

it.each(kinds)("is at most 10 percent below the real count of %s, and near it", (_, text, above) => {
  const real = countTokens(text);
  expect(estimateTokens(text)).toBeGreaterThanOrEqual(real * 0.9);
  expect(estimateTokens(text)).toBeLessThanOrEqual(real * (1 + above));
});
