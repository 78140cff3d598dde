import { afterEach, describe, expect, it } from "vitest";
import type { CodemodeOptions } from "../../codemode-options.ts";
import { createCodemode } from "../../codemode.ts";
import { createFunctionsSource } from "../../connectors/functions/create-functions-source.ts";
import { createMemoryJournal, createMemoryStore } from "../../journal/memory/create-memory-journal.ts";
import { createQuickJsEngine } from "../../sandbox/quickjs/create-quickjs-engine.ts";
import { createWorkerdEngine } from "../../sandbox/workerd/create-workerd-engine.ts";
import type { Codemode } from "../../spec/codemode.ts";
import type { RunDocument } from "../../spec/run.ts";
import {
  createMemoryWorkspace,
  createWorkspaceMemory,
} from "../../workspace/memory/create-memory-workspace.ts";

const open: Codemode[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((codemode) => codemode.close()));
});

function start(options: Partial<CodemodeOptions> = {}): Codemode {
  const input = { type: "object" } as const;
  const source = createFunctionsSource("s", {
    write: { description: "Writes.", effect: "write", input, run: () => "written" },
  });
  const codemode = createCodemode({ sources: [source], engine: createWorkerdEngine(), ...options });
  open.push(codemode);
  return codemode;
}

async function run(codemode: Codemode, code: string, principal = "local"): Promise<RunDocument> {
  return (await codemode.execute({ code, principal })).document;
}

const engines = [
  ["workerd", createWorkerdEngine],
  ["quickjs", createQuickJsEngine],
] as const;

describe.each(engines)("files of a snippet on %s", (_, createEngine) => {
  it("are found by later runs of the same principal, byte for byte, and by nobody else", async () => {
    const codemode = start({ engine: createEngine() });
    const code = `
      const all = Uint8Array.from({ length: 256 }, (_, at) => at);
      const info = await codemode.fs.write("a/all.bin", all);
      await codemode.fs.write("text.txt", "\\uFEFFé\\u2028\\r\\n");
      await codemode.fs.write("data", { list: [1, null], ["__proto__"]: 2 });
      await codemode.fs.append("text.txt", new Uint8Array([33]));
      return [info.path, info.bytes, info.mime, (await codemode.fs.stat("data"))?.mime];`;
    expect(await run(codemode, code)).toMatchObject({
      result: ["a/all.bin", 256, "application/octet-stream", "application/json"],
    });
    const reading = `
      const bytes = await codemode.fs.readBytes("a/all.bin");
      return [bytes.length, bytes.every((byte, at) => byte === at), await codemode.fs.readText("text.txt"),
        JSON.stringify(await codemode.fs.readJson("data")), (await codemode.fs.list()).map(({ path }) => path)];`;
    expect(await run(codemode, reading)).toMatchObject({
      result: [
        256,
        true,
        "\uFEFFé\u2028\r\n!",
        '{"list":[1,null],"__proto__":2}',
        ["a/all.bin", "data", "text.txt"],
      ],
    });
    const read = await codemode.files.read({ path: "a/all.bin" });
    expect([...read.content]).toEqual(Array.from({ length: 256 }, (__, at) => at));
    expect(read.entry.runId).toMatch(/^run_/);
    const other =
      'return [await codemode.fs.list(), (await codemode.fs.stat("data")) === undefined, await codemode.fs.remove("data")]';
    expect(await run(codemode, other, "other")).toMatchObject({ result: [[], true, false] });
  });

  it("are read in parts, listed, found and removed", async () => {
    const codemode = start({ engine: createEngine() });
    const code = `
      await codemode.fs.write("r/a.csv", "id,name\\n1,Ann\\n2,bob\\n3,Bo");
      await codemode.fs.write("r/b.csv", "id\\n");
      const read = (range) => codemode.fs.readText("r/a.csv", range);
      return {
        lines: [await read({ line: 2, lines: 2 }), await read({ line: 4 }), await read({ line: 9 }), await read({ lines: 1 })],
        parts: [await read({ offset: 3, length: 4 }), await read({ offset: 99 }), await read({ length: 2 })],
        bytes: [...(await codemode.fs.readBytes("r/a.csv", { offset: 1, length: 2 }))],
        list: (await codemode.fs.list("r/")).length + (await codemode.fs.list("x")).length,
        glob: (await codemode.fs.glob("*/b.*")).map(({ path }) => path),
        plain: await codemode.fs.search("bo"),
        pattern: (await codemode.fs.search("^[0-9],b", { regex: true, ignoreCase: true, glob: "*.csv" })).hits.map(({ line }) => line),
        one: await codemode.fs.search("id", { limit: 1 }),
        removed: [await codemode.fs.remove("r/b.csv"), await codemode.fs.remove("r/b.csv")],
      };`;
    const { result, error } = await run(codemode, code);
    expect(error).toBeUndefined();
    expect(result).toEqual({
      lines: ["1,Ann\n2,bob\n", "3,Bo", "", "id,name\n"],
      parts: ["name", "", "id"],
      bytes: [100, 44],
      list: 2,
      glob: ["r/b.csv"],
      plain: { hits: [{ path: "r/a.csv", line: 3, text: "2,bob" }], truncated: false },
      pattern: [3, 4],
      one: { hits: [{ path: "r/a.csv", line: 1, text: "id,name" }], truncated: true },
      removed: [true, false],
    });
  });

  it("are the same again in a replay, whatever they hold by then", async () => {
    const codemode = start({ engine: createEngine() });
    await codemode.files.write({ path: "a.txt", content: "before" });
    const code = `
      const before = await codemode.fs.readText("a.txt");
      const { modifiedAt } = await codemode.fs.append("a.txt", "!");
      return [before, await codemode.fs.readText("a.txt"), typeof modifiedAt];`;
    const { runId, result } = await run(codemode, code);
    expect(result).toEqual(["before", "before!", "string"]);
    await codemode.files.write({ path: "a.txt", content: "after" });
    const replayed = await codemode.replay({ runId });
    expect(replayed.document.result).toEqual(result);
    expect(new TextDecoder().decode((await codemode.files.read({ path: "a.txt" })).content)).toBe("after");
  });
});

describe("files of a run", () => {
  it.each([
    ["an absent file", 'readText("a")', "file_not_found"],
    ["an absent JSON", 'readJson("a")', "file_not_found"],
    [
      "bytes as text",
      'write("b", new Uint8Array([255])).then(() => codemode.fs.readText("b"))',
      "file_content_invalid",
    ],
    ["text as JSON", 'write("b", "{").then(() => codemode.fs.readJson("b"))', "file_content_invalid"],
    ["half a character", 'write("a", "\\ud800")', "file_content_invalid"],
    ["nothing to write", 'write("a", undefined)', "usage"],
    ["a function", 'write("a", { f: () => 1 })', "value_unsupported"],
    ["an object to append", 'append("a", {} as any)', "usage"],
    ["an unknown option", 'write("a", "", { mode: 1 } as any)', "usage"],
    ["a media type that is none", 'write("a", "", { mime: "text" })', "usage"],
    ["both kinds of range", 'readText("a", { line: 1, offset: 1 } as any)', "usage"],
    ["a negative range", 'readText("a", { offset: -1 })', "usage"],
    ["line 0", 'readText("a", { line: 0 })', "usage"],
    ["a pattern that is none", 'search("(", { regex: true })', "usage"],
    ["an empty search", 'search("")', "usage"],
    ["a path of results", 'write("runs/x/result.json", "")', "file_path_invalid"],
  ])("refuses %s", async (_, call, code) => {
    const found = await run(
      start(),
      `try { await codemode.fs.${call}; } catch (error) { return error.code }`,
    );
    expect(found).toMatchObject({ status: "completed", result: code });
  });

  it("names the nearest file for a path that is wrong", async () => {
    const codemode = start();
    await codemode.files.write({ path: "reports/open.csv", content: "" });
    expect(await run(codemode, 'return codemode.fs.readText("report/open.csv")')).toMatchObject({
      error: { code: "file_not_found", hint: 'Did you mean "reports/open.csv"?' },
    });
  });

  it.each([
    ["a file", { fileBytes: 4 }, 'await codemode.fs.write("a", "1234"); await codemode.fs.append("a", "5")'],
    [
      "all files",
      { totalBytes: 4 },
      'await codemode.fs.write("a", "1234"); await codemode.fs.write("b", "5")',
    ],
    ["their number", { files: 1 }, 'await codemode.fs.write("a", "1"); await codemode.fs.write("b", "")'],
    [
      "a run",
      { runBytes: 8 },
      'for (const n of [1, 2, 3]) { await codemode.fs.append("a", "12") } throw "not refused"',
    ],
    [
      "a run that writes more",
      { runBytes: 4 },
      'await codemode.fs.write("a", "1234"); await codemode.fs.write("a", "1")',
    ],
  ])("holds the limit of %s", async (_, fileLimits, code) => {
    const { error } = await run(start({ fileLimits }), code);
    expect(error?.code).toBe("file_limit");
  });

  it("counts its calls", async () => {
    const codemode = start({ limits: { calls: 3 } });
    const code = (most: number): string =>
      `for (let n = 0; n < ${most}; n += 1) await codemode.fs.stat("a"); return "fine"`;
    expect(await run(codemode, code(3))).toMatchObject({ result: "fine" });
    expect(await run(codemode, code(4))).toMatchObject({ error: { code: "call_limit" } });
  });

  it("holds writes back in a dry run", async () => {
    const codemode = start();
    await codemode.files.write({ path: "a", content: "kept" });
    const code = `
      return [(await codemode.fs.write("b", "1234")).bytes, (await codemode.fs.append("a", "!")).bytes, await codemode.fs.remove("a"),
        await codemode.fs.readText("a")]`;
    const { document } = await codemode.execute({ code, dryRun: true });
    expect(document).toMatchObject({ status: "completed", result: [4, 5, true, "kept"] });
    expect((await codemode.files.list()).map(({ path }) => path)).toEqual(["a"]);
  });

  it("makes a write once, when the host is lost between it and its record", async () => {
    const shared = createMemoryStore();
    const memory = createWorkspaceMemory();
    const store = createMemoryWorkspace(memory);
    let lose: (() => void) | undefined;
    const journal = createMemoryJournal(shared);
    const dying = start({
      journal: {
        ...journal,
        // From the change on nothing more is recorded, as if the host had died.
        commit: (lease, batch) =>
          lose === undefined ? journal.commit(lease, batch) : Promise.reject(new Error("the host is gone")),
        release: async () => undefined,
      },
      workspaces: {
        ...store,
        files: {
          ...store.files,
          change: async (workspace, change) => {
            const entry = await store.files.change(workspace, change);
            lose = () => undefined;
            return entry;
          },
        },
      },
    });
    const code = 'const { bytes } = await codemode.fs.append("log", "line\\n"); return bytes';
    await dying.execute({ code }).catch(() => undefined);
    const [{ runId } = { runId: "" }] = await createMemoryJournal(shared).runs({ principal: "local" });
    const calls = await createMemoryJournal(shared).calls(runId);
    expect(calls.map(({ path, delivered }) => [path, delivered])).toEqual([["fs.append", undefined]]);
    const lease = await createMemoryJournal(shared).seize(runId, "test", 1);
    if (lease !== undefined) await createMemoryJournal(shared).release(lease);
    const next = start({
      journal: createMemoryJournal(shared),
      workspaces: createMemoryWorkspace(memory),
    });
    expect((await next.resume({ runId })).document).toMatchObject({ status: "completed", result: 5 });
    expect((await next.files.stat({ path: "log" })).bytes).toBe(5);
  });
});
