import { describe, expect, it } from "vitest";
import { escapeHidden, showHidden } from "./show-hidden.ts";

const never = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const points = Array.from({ length: 0x110000 }, (_, point) => point).filter(
  (point) => never.test(String.fromCodePoint(point)) && point !== 9 && point !== 10,
);

describe("every character that Unicode calls default-ignorable, bidirectional or control", () => {
  it("is thousands", () => expect(points.length).toBeGreaterThan(4_000));

  it.each(["exact", "prose"] as const)("is shown in %s text as its number", (text) => {
    for (const point of points) {
      const shown = showHidden(`a${String.fromCodePoint(point)}b`, { text });
      expect(shown).toBe(`a⟨U+${point.toString(16).toUpperCase().padStart(4, "0")}⟩b`);
    }
  });

  it.each(["exact", "prose"] as const)("is an escape in JSON, which means the same: %s", (text) => {
    for (const point of points) {
      const value = `a${String.fromCodePoint(point)}b`;
      const json = escapeHidden(JSON.stringify(value), { text });
      expect(json).not.toMatch(never);
      expect(JSON.parse(json)).toBe(value);
    }
  });
});

describe("text", () => {
  it.each([
    ["letters of every script", "Größe 中文 عربى हिन्दी", "Größe 中文 عربى हिन्दी"],
    ["a picture without joiners", "🐛 ok", "🐛 ok"],
    ["a terminal's sequence", "\u001B[2Jx", "⟨U+001B⟩[2Jx"],
    ["line feeds and tabs", "a\r\n\tb\rc", "a\n\tb⟨U+000D⟩c"],
    ["half of a pair", "a\uD83Db", "a⟨U+D83D⟩b"],
    ["a blank that is no space", "a\u2800b", "a⟨U+2800⟩b"],
    ["private use", "a\uE000b", "a⟨U+E000⟩b"],
    ["a picture written with joiners", "👩‍💻", "👩⟨U+200D⟩💻"],
  ])("where a person decides: %s", (_, text, shown) => {
    expect(showHidden(text)).toBe(shown);
  });

  it.each([
    ["pictures that Unicode lists", "❤️ 👩‍💻 👨‍👩‍👧 1️⃣ 🇩🇪", "❤️ 👩‍💻 👨‍👩‍👧 1️⃣ 🇩🇪"],
    ["a flag by tags", "🏴\u{E0067}\u{E007F}", "🏴⟨U+E0067⟩⟨U+E007F⟩"],
    ["a joiner after a picture", "🐛\u200D", "🐛⟨U+200D⟩"],
    ["a selector after a letter", "a\uFE0F", "a⟨U+FE0F⟩"],
    ["a joiner that a script is written with", "می\u200Cخواهم", "می\u200Cخواهم"],
    ["two of them", "می\u200C\u200Cخواهم", "می⟨U+200C⟩⟨U+200C⟩خواهم"],
    ["one between other letters", "pay\u200Cpal", "pay⟨U+200C⟩pal"],
  ])("that a model reads: %s", (_, text, shown) => {
    expect(showHidden(text, { text: "prose" })).toBe(shown);
  });
});
