import { afterEach, describe, expect, it } from "vitest";
import type { CodemodeOptions } from "../../codemode-options.ts";
import { createCodemode } from "../../codemode.ts";
import { createFunctionsSource } from "../../connectors/functions/create-functions-source.ts";
import { createQuickJsEngine } from "../../sandbox/quickjs/create-quickjs-engine.ts";
import { createWorkerdEngine } from "../../sandbox/workerd/create-workerd-engine.ts";
import type { Codemode, Execution } from "../../spec/codemode.ts";

const open: Codemode[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((codemode) => codemode.close()));
});

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 255]);

function start(options: Partial<CodemodeOptions> = {}): Codemode {
  const input = { type: "object" } as const;
  const source = createFunctionsSource("s", {
    shot: {
      description: "An image.",
      effect: "read",
      input,
      run: () => ({ type: "image", mimeType: "image/png", size: png.length, data: png }),
    },
    blob: { description: "Bytes.", effect: "read", input, run: () => Uint8Array.from([1, 2, 3]) },
    write: { description: "Writes.", effect: "write", input, run: () => "written" },
  });
  const codemode = createCodemode({
    sources: [source],
    engine: createWorkerdEngine(),
    limits: { resultTokens: 600 },
    check: "off",
    ...options,
  });
  open.push(codemode);
  return codemode;
}

const run = (codemode: Codemode, code: string): Promise<Execution> => codemode.execute({ code });
const textOf = async (codemode: Codemode, path: string): Promise<string> =>
  new TextDecoder().decode((await codemode.files.read({ path })).content);

describe.each([
  ["workerd", createWorkerdEngine],
  ["quickjs", createQuickJsEngine],
] as const)("what a run leaves on %s", (_, createEngine) => {
  it("is its result as a whole, which a later run reads byte for byte", async () => {
    const codemode = start({ engine: createEngine() });
    const rows = "Array.from({ length: 2000 }, (_, id) => ({ id, name: 'näme ' + id, odd: id % 2 === 1 }))";
    const { document, text } = await run(codemode, `return ${rows}`);
    const path = `runs/${document.runId}/result.json`;
    const json = JSON.stringify(document.result);
    expect(document.artifacts).toEqual([
      { path, bytes: Buffer.byteLength(json), mime: "application/json", of: "result" },
    ]);
    expect(text).toContain(`codemode.fs.readJson("${path}")`);
    expect(await textOf(codemode, path)).toBe(json);
    const later = `
      const rows = await codemode.fs.readJson("${path}");
      const { hits } = await codemode.fs.search("näme 1999", { glob: "runs/*" });
      return [JSON.stringify(rows) === JSON.stringify(${rows}), rows.filter(({ odd }) => odd).length, hits.length,
        await codemode.fs.readText("${path}", { offset: 0, length: 9 })]`;
    expect((await run(codemode, later)).document.result).toEqual([true, 1000, 1, '[{"id":0,']);
    expect((await codemode.show({ runId: document.runId })).artifacts).toEqual(document.artifacts);
    const replayed = await codemode.replay({ runId: document.runId });
    expect(replayed.document.artifacts).toEqual(document.artifacts);
    expect(replayed.text).toBe(text);
  });

  it("is the bytes that tools answered and the program returned, each once", async () => {
    const codemode = start({ engine: createEngine() });
    const { document, text } = await run(
      codemode,
      "const shot = await tools.s.shot({}); await tools.s.shot({}); await tools.s.blob({}); return { shot, own: Uint8Array.of(9) }",
    );
    const folder = `runs/${document.runId}`;
    expect(document.artifacts).toEqual([
      { path: `${folder}/1-shot.png`, bytes: png.length, mime: "image/png", of: "image" },
      { path: `${folder}/3-blob.bin`, bytes: 3, mime: "application/octet-stream", of: "binary" },
      { path: `${folder}/result-2.bin`, bytes: 1, mime: "application/octet-stream", of: "binary" },
    ]);
    expect((await codemode.files.read({ path: `${folder}/1-shot.png` })).content).toEqual(png);
    expect(text).toContain(`${folder}/1-shot.png`);
    const later = `return [...await codemode.fs.readBytes("${folder}/1-shot.png")]`;
    expect((await run(codemode, later)).document.result).toEqual([...png]);
  });
});

describe("what a run leaves", () => {
  it.each([
    ["nothing", "return"],
    ["a small result", "return { a: [1, 2, 3] }"],
    ["small logs", "console.log('x')"],
  ])("is no file for %s", async (_, code) => {
    const codemode = start();
    expect((await run(codemode, code)).document).not.toHaveProperty("artifacts");
    expect(await codemode.files.list()).toEqual([]);
  });

  it("is a long text as it is, and long logs of a run that fails", async () => {
    const codemode = start();
    const text = "línea\n".repeat(3_000);
    const one = await run(codemode, 'return "línea\\n".repeat(3000)');
    expect(one.document.artifacts).toMatchObject([{ mime: "text/plain", of: "result" }]);
    expect(await textOf(codemode, `runs/${one.document.runId}/result.txt`)).toBe(text);
    const two = await run(codemode, 'for (let n = 0; n < 2000; n += 1) console.log("line", n); throw 1');
    expect(two.document).toMatchObject({ status: "failed", artifacts: [{ of: "logs" }] });
    const logs = await textOf(codemode, `runs/${two.document.runId}/logs.txt`);
    expect(logs.split("\n")[1999]).toBe("line 1999");
  });

  it("is every value that its text cuts, byte for byte", async () => {
    const codemode = start();
    const shapes = [
      "'x'.repeat(9000)",
      "Array.from({ length: 900 }, (_, n) => n * 1.5)",
      "Object.fromEntries(Array.from({ length: 400 }, (_, n) => ['k' + n, null]))",
      "[['\\ud800'.repeat(4000)]]",
      "'\\u001b[31m'.repeat(2000)",
      "{ image: btoa('x'.repeat(6000)) }",
      "JSON.parse('{\"__proto__\":' + JSON.stringify('p'.repeat(5000)) + '}')",
    ];
    for (const shape of shapes) {
      const { document, text } = await run(codemode, `return ${shape}`);
      const [artifact] = document.artifacts ?? [];
      expect([shape, artifact?.of]).toEqual([shape, "result"]);
      expect(text).toContain(artifact?.path);
      const kept = await textOf(codemode, artifact?.path ?? "");
      expect(artifact?.mime === "text/plain" ? kept : JSON.parse(kept)).toEqual(document.result);
    }
  });

  it("gives way to later runs where the workspace is full, and never takes what was written", async () => {
    const codemode = start({ fileLimits: { totalBytes: 30_000 } });
    await codemode.files.write({ path: "own.txt", content: "o".repeat(5_000) });
    const big = "return 'x'.repeat(10_000)";
    const runs = [await run(codemode, big), await run(codemode, big), await run(codemode, big)];
    const left = (await codemode.files.list()).map(({ path }) => path);
    expect(left).toEqual(
      ["own.txt", ...runs.slice(1).map(({ document }) => `runs/${document.runId}/result.txt`)].toSorted(),
    );
    await codemode.files.write({ path: "more.txt", content: "m".repeat(20_000) });
    expect((await codemode.files.list()).map(({ path }) => path)).toEqual(["more.txt", "own.txt"]);
    const none = await run(codemode, big);
    expect(none.document.status).toBe("completed");
    expect(none.document).not.toHaveProperty("artifacts");
  });

  it("is not written by a dry run", async () => {
    const codemode = start();
    const { document } = await codemode.execute({
      code: "await tools.s.shot({}); return 'x'.repeat(9000)",
      dryRun: true,
    });
    expect(document).not.toHaveProperty("artifacts");
    expect(await codemode.files.list()).toEqual([]);
  });

  it("is kept over a pause", async () => {
    const codemode = start({ policy: "ask-writes" });
    const { document } = await run(
      codemode,
      "await tools.s.shot({}); await tools.s.write({}); return tools.s.blob({})",
    );
    expect(document.status).toBe("paused");
    await codemode.answer({ runId: document.runId, approve: true });
    const ended = await codemode.resume({ runId: document.runId });
    expect(ended.document.artifacts?.map(({ of, path }) => [of, path.split("/")[2]])).toEqual([
      ["image", "1-shot.png"],
      ["binary", "3-blob.bin"],
    ]);
  });
});
