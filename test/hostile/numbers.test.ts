/**
 * Number fidelity: whatever number a source writes or a program makes, every way on which it travels keeps it, or says
 * where it did not. Nobody can make a text pass for such a number, or a list of places grow beyond its value.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createCodemode,
  createFunctionsSource,
  createMcpSource,
  createMemoryJournal,
  type Codemode,
  type RunDocument,
} from "../../src/index.ts";
import { startNumberServer, type NumberServer } from "../fixtures/mcp/number-server.ts";
import { engines, limits } from "./hostile-host.ts";

const id = "725653563933458432";

describe.each(engines)("numbers on %s", (_, createEngine) => {
  let server: NumberServer;
  let codemode: Codemode;

  beforeAll(async () => {
    server = await startNumberServer("modern", "sse");
    codemode = createCodemode({
      sources: [
        createMcpSource("numbers", { transport: "http", url: server.url, trusted: true }),
        createFunctionsSource("words", {
          forged: {
            effect: "read",
            run: () => ["n0:5", "n1a2b3c:725653563933458432", { $: ["bigint", "ff"] }],
          },
        }),
      ],
      engine: createEngine(),
      journal: createMemoryJournal(),
      limits,
      check: "off",
      policy: {
        preset: "ask-writes",
        rules: [
          {
            path: "numbers.remove",
            arguments: { "/id": { oneOf: [7, "725653563933458999"] } },
            decision: "deny",
          },
          {
            path: "numbers.remove",
            arguments: { "/id": { above: 9007199254740992, below: 9007199254740994 } },
            decision: "allow",
          },
        ],
      },
    });
  });
  afterAll(async () => {
    await codemode.close();
    await server[Symbol.asyncDispose]();
  });

  const run = async (code: string): Promise<RunDocument & { text: string }> => {
    const { document, text } = await codemode.execute({ code });
    const { timings: _shown, ...shown } = await codemode.show({ runId: document.runId });
    const { timings: _run, ...answered } = document;
    expect(shown).toEqual(answered);
    return { ...document, text };
  };

  it("keeps what a source answers, and says what it could not", async () => {
    const document = await run("return await tools.numbers.get({})");
    expect(document).toMatchObject({
      status: "completed",
      result: { id, min: "-9223372036854775808", big: null, ratio: 0.12345678901234568, n: 7, text: id },
      exact: ["/id", "/min"],
      inexact: ["/big", "/ratio"],
      calls: [{ inexact: ["/big", "/ratio"] }],
    });
    // Digits where the number was, quotes where the text was.
    expect(document.text).toContain(`"id":${id},`);
    expect(document.text).toContain(`"text":"${id}"`);
    expect(document.text).toContain("Not exact");
    expect(document.text).toContain(
      "in the result /big, /ratio; in what tools.numbers.get answered (call 1)",
    );
    const replayed = await codemode.replay({ runId: document.runId });
    expect(replayed.document).toMatchObject({ exact: ["/id", "/min"], inexact: ["/big", "/ratio"] });
  });

  it("knows a rounded number again wherever the program puts it", async () => {
    const document = await run(
      "const { ratio, price } = await tools.numbers.read({}); return [{ price }, { deep: [new Map([['a/b', ratio]])] }]",
    );
    expect(document).toMatchObject({ status: "completed", inexact: ["/1/deep/0/a~1b"] });
    expect(document.exact).toBeUndefined();
  });

  it("gives structured content the same marks as the document", async () => {
    const { structured } = await codemode.execute({
      code: "const { id, n } = await tools.numbers.get({}); return { id, n }",
      structured: true,
    });
    expect(structured).toEqual({ result: { id, n: 7 }, exact: ["/id"] });
  });

  it("shows a person every digit, and sends them", async () => {
    const paused = await run(
      "const { id } = await tools.numbers.get({}); await tools.numbers.remove({ id: id + 1n }); return await tools.numbers.sent({})",
    );
    expect(paused).toMatchObject({
      status: "paused",
      pending: [{ args: { id: "725653563933458433" }, exact: ["/id"] }],
      writes: [{ args: { id: "725653563933458433" }, exact: ["/id"] }],
    });
    expect(paused.text).toContain('({"id":725653563933458433})');
    const { text } = await codemode.questions({ runId: paused.runId });
    expect(text).toContain('| {\n|   "id": 725653563933458433\n| }');
    await codemode.answer({ runId: paused.runId, approve: true });
    const { document } = await codemode.resume({ runId: paused.runId });
    expect(document.result).toBe('sent {"id":725653563933458433}');
  });

  it.each([
    ["numbers that JSON lacks", "return [1 / 0, NaN, -1 / 0, -0]", [null, null, null, 0], undefined, ["/0", "/1", "/2"]],
    ["a toJSON that lies", "BigInt.prototype.toJSON = () => 1; return { a: 2n ** 70n }", { a: "1180591620717411303424" }, ["/a"], undefined],
    ["texts that pose as marks", "return await tools.words.forged({})", ["n0:5", "n1a2b3c:725653563933458432", { $: ["bigint", "ff"] }], undefined, undefined],
    ["keys that need escapes", "return { 'a/b': { '~': 2n ** 60n }, ['__proto__']: 2n ** 61n }", undefined, ["/a~1b/~0", "/__proto__"], undefined],
    ["a Map and a Set", "return [new Map([[1, 2n ** 60n]]), new Set([2n ** 61n])]", [[[1, "1152921504606846976"]], ["2305843009213693952"]], ["/0/0/1", "/1/0"], undefined],
    ["pointers that flood", "let d = Array.from({ length: 2000 }, (_, n) => BigInt(n)); for (let n = 0; n < 60; n += 1) d = { ['k'.repeat(1000)]: d }; return d", undefined, [""], undefined],
    ["as many as a value can hold", "return Array.from({ length: 5000 }, (_, n) => 2n ** 60n + BigInt(n))", undefined, Array.from({ length: 5_000 }, (_each, at) => `/${at}`), undefined],
  ] as const)("%s", async (...[, code, result, exact, inexact]) => {
    const document = await run(code);
    expect(document.status).toBe("completed");
    if (result !== undefined) expect(document.result).toEqual(result);
    expect(document.exact).toEqual(exact);
    expect(document.inexact).toEqual(inexact);
    expect(JSON.stringify(document).length).toBeLessThan(600_000);
  }); // prettier-ignore

  it("keeps them in state and files", async () => {
    const written = await run(
      `const { id } = await tools.numbers.get({});
       await codemode.state.set("kept", { id, number: 2 ** 60 });
       await codemode.fs.write("kept.json", { id, number: 2 ** 60 });
       await codemode.fs.write("odd.json", '{"a":[1e400,0.12345678901234567890123]}');
       return await codemode.fs.readText("kept.json");`,
    );
    expect(written.result).toBe(`{"id":${id},"number":1.152921504606847e+18}`);
    const read = await run(
      `const all = [await codemode.state.get("kept"), await codemode.fs.readJson("kept.json")];
       const odd = await codemode.fs.readJson("odd.json");
       return { same: all.every(({ id, number }) => id === ${id}n && number === 2 ** 60), odd };`,
    );
    expect(read).toMatchObject({
      status: "completed",
      result: { same: true, odd: { a: [null, 0.12345678901234568] } },
      inexact: ["/odd/a/0", "/odd/a/1"],
      inexactReads: [{ path: "codemode.fs.readJson", inexact: ["/a/0", "/a/1"] }],
    });
  });

  it.each(["7", "7n", "725653563933458999n"])("a rule that denies a number denies %s", async (given) => {
    const document = await run(`return await tools.numbers.remove({ id: ${given} })`);
    expect(document).toMatchObject({ status: "failed", error: { code: "call_denied" } });
  });

  it("a rule compares integers beyond 2^53 as they are", async () => {
    const document = await run(
      "await tools.numbers.remove({ id: 9007199254740993n }); return await tools.numbers.sent({})",
    );
    expect(document.result).toBe('sent {"id":9007199254740993}');
  });
});
