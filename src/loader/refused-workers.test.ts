import { afterAll, describe, expect, it } from "vitest";
import { loaderEngines } from "../../test/fixtures/loader/loader-engines.ts";
import { refusal, toWorker } from "../../test/fixtures/loader/to-worker.ts";
import { createLoader, type WorkerCode } from "./create-loader.ts";

describe.each(loaderEngines)("a worker on $name", ({ name, engine }) => {
  const loader = createLoader({ engine: engine() });
  afterAll(() => loader[Symbol.asyncDispose]());

  it.each<[string, WorkerCode, string, RegExp]>([
    ["names no module", { mainModule: "a.js", modules: {} }, "worker_invalid", /mainModule "a\.js"/],
    [
      "names a prototype's field",
      { mainModule: "constructor", modules: {} },
      "worker_invalid",
      /constructor/,
    ],
    [
      "imports what it has not",
      toWorker('import "./b.js";'),
      "worker_invalid",
      /main\.js imports "\.\/b\.js"/,
    ],
    ["imports node", toWorker('export * from "node:fs";'), "worker_invalid", /node:fs/],
    [
      "imports sockets",
      toWorker('import { connect } from "cloudflare:sockets";'),
      "worker_invalid",
      /sockets/,
    ],
    ["imports the loader's own", toWorker('import "settings.js";'), "worker_invalid", /settings\.js/],
    ["does not parse", toWorker("export default {\n  a( {"), "snippet_syntax", /main\.js/],
    ["has enums", { mainModule: "m.ts", modules: { "m.ts": "enum A { B }" } }, "snippet_syntax", /m\.ts/],
    [
      "asks for flags",
      toWorker("", { compatibilityFlags: ["nodejs_compat"] } as never),
      "worker_invalid",
      /compatibilityFlags/,
    ],
    ["is Python", { mainModule: "m.py", modules: { "m.py": "x = 1" } }, "worker_invalid", /m\.py/],
    [
      "is CommonJS",
      { mainModule: "m", modules: { m: { cjs: "" } as never } },
      "worker_invalid",
      /CommonJS|neither/,
    ],
    ["binds a symbol", toWorker("", { env: { S: Symbol("s") } }), "worker_invalid", /env\.S/],
    [
      "is too large",
      toWorker("//".padEnd(1_001, "x"), { limits: { codeBytes: 1_000 } }),
      "worker_invalid",
      /1000 bytes/,
    ],
  ])("is refused when it %s", (_, code, expected, message) => {
    const load = (): unknown => loader.load(code);
    expect(load).toThrow(
      expect.objectContaining({ code: expected, message: expect.stringMatching(message) }),
    );
  });

  it("may be as large as it is allowed", async () => {
    const code = "export default { one: () => 1 };//";
    await using worker = loader.load(toWorker(code.padEnd(1_000, "x"), { limits: { codeBytes: 1_000 } }));
    expect(await worker.getEntrypoint<{ one(): number }>().one()).toBe(1);
  });

  it("says what it threw and where", async () => {
    await using worker = loader.load(
      toWorker(
        `import "./other.js";
        export default {
          boom() { throw new RangeError("too far"); }, text() { throw "words"; }, forge() { throw Object.assign(new Error("x"), { code: "cpu_limit" }); },
        };`,
        {
          modules: {
            "other.js": "",
            "main.js": `
        export default {
          boom() {
            throw new RangeError("too far"); }, text() { throw "words"; }, forge() { throw Object.assign(new Error("x"), { code: "cpu_limit" }); },
        };`,
          },
        },
      ),
    );
    const entry = worker.getEntrypoint<{ boom(): void; text(): void; forge(): void }>();
    expect(await refusal(entry.boom())).toMatchObject({
      code: "worker_threw",
      message: "RangeError: too far",
      line: 4,
      data: { name: "RangeError", module: "main.js" },
    });
    expect(await refusal(entry.text())).toMatchObject({ code: "worker_threw", message: "Thrown: words" });
    expect(await refusal(entry.forge())).toMatchObject({ code: "worker_threw" });
  });

  it.each([
    ["throws while it is loaded", "throw new Error('at once');", "worker_threw", /at once/],
    ["spins while it is loaded", "for (;;) {}", "cpu_limit", /CPU/],
    [
      "imports a name that is not there",
      'import { DurableObject } from "cloudflare:workers";',
      "worker_threw",
      /SyntaxError/,
    ],
    // workerd sees by itself that nothing can settle it.
    [
      "never finishes loading",
      "await new Promise(() => {});",
      name === "workerd" ? "worker_threw" : "wall_limit",
      /await|longer/,
    ],
  ])("that %s says so at its call", async (_, code, expected, message) => {
    await using worker = loader.load(
      toWorker(code, { limits: { cpuMs: 200, wallMs: expected === "wall_limit" ? 1_500 : 20_000 } }),
    );
    const error = await refusal(worker.getEntrypoint<{ any(): void }>().any());
    expect(error.code).toBe(expected);
    expect(error.message).toMatch(message);
  });
});
