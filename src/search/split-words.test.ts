import { describe, expect, it } from "vitest";
import { splitWords } from "./split-words.ts";

describe("splitWords", () => {
  it.each([
    ["createIssue", ["create", "issue"]],
    ["HTTPServer", ["http", "server"]],
    ["list_pull-requests.v2", ["list", "pull", "requests", "v2", "v", "2"]],
    ["OAuth2Token", ["o", "auth", "2", "token"]],
    ["S3", ["s3", "s", "3"]],
    ["Crème brûlée, l'été", ["creme", "brulee", "lete"]],
    ["创建问题", ["创建", "建问", "问题"]],
    ["ÜBER-straße", ["uber", "straße"]],
    ["a  b\tc\n", ["a", "b", "c"]],
    ["…!? ---", []],
    ["", []],
  ])("%j → %j", (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });

  it("stops at its limit, exactly", () => {
    expect(splitWords("a b c", 3)).toEqual(["a", "b", "c"]);
    expect(splitWords("a b c d", 3)).toEqual(["a", "b", "c"]);
  });
});
