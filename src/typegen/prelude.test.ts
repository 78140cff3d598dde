import { describe, expect, it } from "vitest";
import { compile } from "../../test/fixtures/typegen/compile.ts";
import { prelude } from "./prelude.ts";

/** What the sandbox leaves besides the language itself. */
const present =
  "tools codemode console ToolError setTimeout clearTimeout setInterval clearInterval queueMicrotask structuredClone atob btoa " +
  "performance self crypto DOMException Event CustomEvent EventTarget AbortController AbortSignal TextDecoder TextEncoder URL " +
  "URLSearchParams URLPattern Blob Headers FormData ReadableStream WritableStream TransformStream TextEncoderStream " +
  "TextDecoderStream ByteLengthQueuingStrategy CountQueuingStrategy globalThis JSON Math Intl Reflect Proxy Map Promise";

const absent =
  "fetch Request Response WebSocket XMLHttpRequest EventSource require module exports process Buffer window document " +
  "localStorage navigator setImmediate importScripts WebAssembly caches Deno Bun __dirname";

const good = `
const found = await codemode.search("issues", { limit: 3, detail: "names" });
for (const { path, effect } of found.results) console.log(path, effect === "read");
const again = await codemode.search({ query: "issues", source: "github" });
const text: string = await codemode.describe(again.results[0].path);
const sum: number = await codemode.step("sum", async () => 1 + 2);
const answer = await codemode.run("weekly-report", { week: 3 });
try { answer.anything(); } catch (error) { if (error instanceof ToolError) console.error(error.code, error.hint, error.data?.status); }
const url = new URL("/a?b=1", "https://example.com"); url.searchParams.set("c", "2");
const bytes: Uint8Array = new TextEncoder().encode(text + url);
const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
const timer = setTimeout((name: string) => console.info(name), 5, "later"); clearTimeout(timer);
const copy = structuredClone({ when: new Date(), sum, id: crypto.randomUUID(), digest });
for (const [name, value] of new URLSearchParams("a=1")) console.table({ name, value, copy });
const lines = ReadableStream.from(["a"]).pipeThrough(new TextEncoderStream()).pipeThrough(new TextDecoderStream());
for await (const line of lines) console.log(line.length, AbortSignal.timeout(5).aborted, atob(btoa("x")));
`;

describe("the globals of a snippet", () => {
  it.each(["es2024", "esnext"])("are declared, with %s", async (lib) => {
    const use = `${present
      .split(" ")
      .map((name) => `void ${name};`)
      .join("\n")}\n${good}\nexport {};`;
    expect(await compile({ "prelude.d.ts": prelude, "use.ts": use }, lib)).toEqual([]);
  });

  it("hold nothing that the sandbox does not", async () => {
    const names = absent.split(" ");
    const use = `${names.map((name) => `void ${name};`).join("\n")}\nexport {};`;
    const errors = await compile({ "prelude.d.ts": prelude, "use.ts": use });
    const refused = errors.flatMap((error) => /Cannot find name '(\w+)'/.exec(error)?.[1] ?? []);
    expect(refused).toEqual(names);
  });

  it.each([
    ["a search without a query", "await codemode.search({ limit: 3 });"],
    ["an unknown detail", 'await codemode.search("x", { detail: "all" });'],
    ["a step without its work", 'await codemode.step("x");'],
    ["an unknown builtin", 'await codemode.find("x");'],
    ["an unknown source", "await tools.nothing.call();"],
  ])("refuse %s", async (_what, line) => {
    const errors = await compile({ "prelude.d.ts": prelude, "use.ts": `${line}\nexport {};` });
    expect(errors.filter((error) => error.startsWith("use.ts(1,"))).toHaveLength(1);
  });
});
