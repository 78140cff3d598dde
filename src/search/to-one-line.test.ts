import { describe, expect, it } from "vitest";
import { firstSentence, toOneLine } from "./to-one-line.ts";

describe("toOneLine", () => {
  it.each([
    ["line breaks of all kinds", "a\r\nb\u2028c\u2029d\u0085e", "a b c d e"],
    ["bidi and zero-width characters", "a\u202Eb\u2066c\uFEFFd", "a⟨U+202E⟩b⟨U+2066⟩c⟨U+FEFF⟩d"],
    ["letters of the tag block", "ok\u{E0049}\u{E0047}", "ok⟨U+E0049⟩⟨U+E0047⟩"],
    ["a text within", `ok${"\u{E0049}".repeat(9)}`, "ok⟨U+E0049⟩⟨U+E0049⟩⟨U+E0049⟩⟨6 more hidden⟩"],
    ["controls and escapes", "a\u0000b\u001B[31mc", "a⟨U+0000⟩b⟨U+001B⟩[31mc"],
    ["half of a surrogate pair", "a\uD83Db", "a⟨U+D83D⟩b"],
    ["what is in order", "Größe: 5 € 🐛", "Größe: 5 € 🐛"],
  ])("neutralises %s", (_name, text, line) => {
    expect(toOneLine(text, 100)).toBe(line);
  });

  it("cuts at its limit, exactly, and never inside a character", () => {
    expect(toOneLine("abcde", 5)).toBe("abcde");
    expect(toOneLine("abcdef", 5)).toBe("abcd…");
    expect(toOneLine("one two three", 9)).toBe("one two…");
    expect(toOneLine("abc🐛🐛", 5)).toBe("abc…");
  });
});

describe("firstSentence", () => {
  it.each([
    ["Creates an issue. Needs a token.", "Creates an issue"],
    ["Reads files (e.g. CSV, i.e. tables). Fast.", "Reads files (e.g. CSV, i.e. tables)"],
    ["Adds a calendar for a user. 💡 TIP: read on", "Adds a calendar for a user"],
    ["Uses v1.2 of the API and no other", "Uses v1.2 of the API and no other"],
    ["获取用户列表的一个工具方法哦。第二句。", "获取用户列表的一个工具方法哦"],
    ["Hi. Sends a greeting", "Hi. Sends a greeting"],
    ["List zones\n\nLists, searches and sorts zones", "List zones"],
    ["Lists zones, wrapped\nover two lines. And more", "Lists zones, wrapped over two lines"],
    ["### **Purge** a [zone](https://example.com/z)", "Purge a zone"],
    ["", ""],
  ])("%j → %j", (text, sentence) => {
    expect(firstSentence(text, 100)).toBe(sentence);
  });
});
