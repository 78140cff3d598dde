import { describe, expect, it } from "vitest";
import { CodemodeError } from "../errors.ts";
import { createSecrets, hiddenMark, minSecretLength } from "./create-secrets.ts";

const secret = `s3cr/t+k&y "ö😀\\='<7`;
const json = JSON.stringify(secret).slice(1, -1);
const unicode = secret.replaceAll(
  /[\s\S]/g,
  (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`,
);
const hex = (text: string, before: string, after = ""): string =>
  [...Buffer.from(text)].map((byte) => `${before}${byte.toString(16).padStart(2, "0")}${after}`).join("");
const entities = (base: 10 | 16, end = ";"): string =>
  Array.from(secret)
    .map((each) => `&#${base === 16 ? "x" : ""}${each.codePointAt(0)?.toString(base)}${end}`)
    .join("");
const html = secret
  .replaceAll("&", "&amp;")
  .replaceAll("<", "&lt;")
  .replaceAll('"', "&quot;")
  .replaceAll("'", "&#39;");

const spellings: readonly (readonly [name: string, text: string])[] = [
  ["as it is", secret],
  ["JSON", json],
  ["JSON as PHP writes it", json.replaceAll("/", "\\/")],
  ["JSON as Go writes it", json.replaceAll("&", "\\u0026").replaceAll("<", "\\u003c")],
  ["JSON in upper case", json.replaceAll("<", "\\u003C").replaceAll("/", "\\u002F")],
  ["JSON beyond ASCII", json.replaceAll("ö", "\\u00f6").replaceAll("😀", "\\ud83d\\ude00")],
  ["every character escaped", unicode],
  ["JSON within JSON", JSON.stringify(json).slice(1, -1)],
  ["JSON three deep", JSON.stringify(JSON.stringify(json)).slice(2, -2)],
  ["PHP within JSON", JSON.stringify(json.replaceAll("/", "\\/")).slice(1, -1)],
  ["JavaScript", secret.replaceAll("/", "\\x2f").replaceAll("<", "\\x3C").replaceAll("\\=", "\\\\=")],
  ["a URL", encodeURIComponent(secret)],
  ["a URL in lower case", encodeURIComponent(secret).toLowerCase().replaceAll("s3cr", "s3cr")],
  ["a URL, every byte", hex(secret, "%")],
  ["a URL within a URL", encodeURIComponent(encodeURIComponent(secret))],
  ["a form", new URLSearchParams({ a: secret }).toString().slice(2)],
  ["a form within JSON", JSON.stringify(new URLSearchParams({ a: secret }).toString().slice(2)).slice(1, -1)],
  ["HTML", html],
  ["HTML within HTML", html.replaceAll("&", "&amp;")],
  ["HTML, every character", entities(10)],
  ["HTML, in hexadecimal", entities(16)],
  ["HTML, leading zeros", entities(10).replaceAll("&#", "&#000")],
  [
    "HTML by names",
    secret
      .replaceAll("/", "&sol;")
      .replaceAll("=", "&equals;")
      .replaceAll("+", "&plus;")
      .replaceAll("&y", "&amp;y"),
  ],
  ["HTML within JSON", JSON.stringify(html).slice(1, -1)],
  ["Markdown", secret.replaceAll("+", "\\+").replaceAll("<", "\\<")],
  ...[0, 1, 2, 3].flatMap((offset): [string, string][] => {
    const whole = Buffer.from("x".repeat(offset) + secret + "y".repeat(4));
    return [
      [`Base64 at offset ${offset}`, whole.toString("base64")],
      [`Base64 of URLs at offset ${offset}`, whole.toString("base64url")],
      [
        `Base64 within JSON at offset ${offset}`,
        whole.toString("base64").replaceAll("/", "\\/").replaceAll("+", "\\u002b"),
      ],
      [`Base64 within a URL at offset ${offset}`, encodeURIComponent(whole.toString("base64"))],
    ];
  }),
  [
    "Base64 in lines",
    Buffer.from(`${"x".repeat(6)}${secret}`)
      .toString("base64")
      .replaceAll(/.{8}/g, "$&\r\n"),
  ],
  [
    "Base64 in lines within JSON",
    Buffer.from(`${"x".repeat(6)}${secret}`)
      .toString("base64")
      .replaceAll(/.{8}/g, "$&\\r\\n"),
  ],
  ["Base64 of JSON", Buffer.from(JSON.stringify({ a: secret })).toString("base64")],
  ["Base64 of a form", Buffer.from(`id:${encodeURIComponent(secret)}`).toString("base64")],
  ["a basic pair", Buffer.from(`someone:${secret}`).toString("base64")],
];

describe("createSecrets", () => {
  const { text } = createSecrets([secret]);
  it.each(spellings)("hides what is spelled as %s", (_, spelled) => {
    const shown = text(`before ${spelled} after`);
    expect(shown).toContain(hiddenMark);
    // Of Base64 the characters that a neighbour has a part in may be left.
    expect(shown.length).toBeLessThan("before  after".length + hiddenMark.length + spelled.length / 2 + 12);
    expect(shown).not.toContain(spelled.slice(8, -8));
    expect(shown).toMatch(/^before .*after$/s);
  });

  it("leaves everything else as it is", () => {
    for (const other of [
      "s3cr/t+k&y",
      "plain text",
      "%25%25%",
      "&amp;&lt;&#;&#x;",
      "\\u12\\x\\\\",
      json.slice(1),
      "",
      "\\".repeat(99),
    ])
      expect(text(other)).toBe(other);
  });

  it("looks for secrets of six characters, and not for shorter ones", () => {
    expect(minSecretLength).toBe(6);
    expect(createSecrets(["abc123"]).text("an abc123 here")).toBe(`an ${hiddenMark} here`);
    expect(createSecrets(["abc12"]).text("an abc12 here")).toBe("an abc12 here");
  });

  it("hides long ones whole, and of two the longer one", () => {
    for (const length of [255, 256, 257, 261, 262, 5_000]) {
      const long = Array.from({ length }, (_, at) =>
        String.fromCharCode(97 + ((at * 7 + (at >> 4)) % 26)),
      ).join("");
      expect(createSecrets([long]).text(`<${long}>`), `${length}`).toBe(`<${hiddenMark}>`);
    }
    expect(createSecrets(["abcdef", "abcdefghij"]).text("-abcdefghij-abcdef-")).toBe(
      `-${hiddenMark}-${hiddenMark}-`,
    );
  });

  it("keeps the latest thousand", () => {
    const secrets = createSecrets(["first-secret"]);
    secrets.add(Array.from({ length: 999 }, (_, at) => `secret-number-${at};`));
    expect(secrets.text("first-secret")).toBe(hiddenMark);
    secrets.add(["one-more-secret"]);
    expect(secrets.text("first-secret one-more-secret")).toBe(`first-secret ${hiddenMark}`);
  });

  it("tries secrets that hold escapes themselves as they are and escaped", () => {
    for (const odd of ["100%25abc", "a&amp;bcdef", "ab\\u0041cd", "\\server\\x", "a+b c+def"]) {
      const { text: hide } = createSecrets([odd]);
      for (const spelled of [odd, encodeURIComponent(odd), JSON.stringify(odd).slice(1, -1)])
        expect(hide(`<${spelled}>`), spelled).toBe(`<${hiddenMark}>`);
    }
  });

  it("goes through values: keys, numbers, bytes, maps and sets, without recursion, and copies only what it must", () => {
    const { value } = createSecrets(["abc-123", "725653563933"]);
    const fine = { a: [1, "b", { c: new Date(0) }] };
    expect(value(fine)).toBe(fine);
    const shared = { deep: ["abc-123"] };
    const given = {
      "abc-123": 1,
      number: 725653563933,
      big: 725653563933n,
      other: 5,
      bytes: Buffer.from("x abc-123"),
      map: new Map([["abc-123", new Set(["abc-123"])]]),
      one: shared,
      two: shared,
    };
    const shown = value(given);
    expect(shown).toEqual({
      [hiddenMark]: 1,
      number: hiddenMark,
      big: hiddenMark,
      other: 5,
      bytes: new Uint8Array(Buffer.from("x [hidden]")),
      map: new Map([[hiddenMark, new Set([hiddenMark])]]),
      one: { deep: [hiddenMark] },
      two: { deep: [hiddenMark] },
    });
    expect(shown.one).toBe(shown.two);
    let deep: unknown = "abc-123";
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(() => value(deep)).not.toThrow();
    expect(value(JSON.parse('{"__proto__":"abc-123"}'))).toEqual(JSON.parse(`{"__proto__":"${hiddenMark}"}`));
  });

  it("goes through errors and what lies beneath them", () => {
    const { error } = createSecrets(["abc-123"]);
    const cause = new Error("low abc-123", { cause: new DOMException("abc-123") });
    const thrown = new CodemodeError("tool_failed", "is abc-123", {
      hint: "abc-123",
      data: { a: ["abc-123"] },
      cause,
    });
    expect(error(thrown)).toBe(thrown);
    expect(thrown).toMatchObject({
      code: "tool_failed",
      message: `is ${hiddenMark}`,
      hint: hiddenMark,
      data: { a: [hiddenMark] },
    });
    for (let each: unknown = thrown; each instanceof Error; each = each.cause)
      expect(`${each.message}${each.stack}`).not.toContain("abc-123");
    expect(error("abc-123")).toBe(hiddenMark);
  });

  it("hides at the ends of a text that was cut what may be a part of one", () => {
    const { cut } = createSecrets(["abc-123-def"]);
    expect(cut("3-def and abc-")).toBe(`${hiddenMark} and ${hiddenMark}`);
    expect(cut("def and abc")).toBe("def and abc");
  });
});
