import { afterEach, describe, expect, it } from "vitest";
import type { CodemodeOptions } from "../codemode-options.ts";
import { createCodemode } from "../codemode.ts";
import { createFunctionsSource } from "../connectors/functions/create-functions-source.ts";
import { createQuickJsEngine } from "../sandbox/quickjs/create-quickjs-engine.ts";
import { createWorkerdEngine } from "../sandbox/workerd/create-workerd-engine.ts";
import type { Codemode } from "../spec/codemode.ts";
import type { Engine } from "../spec/engine.ts";
import type { RunDocument } from "../spec/run.ts";

const open: Codemode[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((codemode) => codemode.close()));
});

const engines: readonly (readonly [string, () => Engine])[] = [
  ["workerd", createWorkerdEngine],
  ["quickjs", createQuickJsEngine],
];

function start(options: Partial<CodemodeOptions> = {}): Codemode {
  const input = { type: "object", properties: { n: { type: "number" } } } as const;
  const source = createFunctionsSource("s", {
    read: { description: "Reads.", effect: "read", input, run: ({ n }) => Number(n) * 10 },
  });
  const codemode = createCodemode({ sources: [source], engine: createWorkerdEngine(), ...options });
  open.push(codemode);
  return codemode;
}

async function run(codemode: Codemode, code: string): Promise<RunDocument> {
  return (await codemode.execute({ code })).document;
}

describe("codemode/std", () => {
  it.each(engines)("is imported by programs and saved snippets on %s", async (_, engine) => {
    const codemode = start({ engine: engine() });
    await codemode.snippets.save({
      name: "columns",
      description: "d",
      code: 'import { parseCsv } from "codemode/std";\nasync (input: { text: string }) => parseCsv(input.text)',
    });
    const code = `import {
        formatCsv, mapLimit as map, // a comment
      } from 'codemode/std';
      import * as std from "codemode/std";
      const rows = await codemode.run("columns", { text: "a,b\\n1,2" });
      const tens = await map([1, 2], 1, (n) => tools.s.read({ n }));
      return [formatCsv(rows), tens, Object.keys(std).length > 10];`;
    expect(await run(codemode, code)).toMatchObject({ result: ["a,b\n1,2\n", [10, 20], true] });
  });

  it("is checked, and positions stay the model's own", async () => {
    const codemode = start();
    const importing = 'import { parseCsv } from "codemode/std";\n';
    const wrong = await run(codemode, `${importing}return parseCsv(5).length`);
    expect(wrong.error).toMatchObject({ code: "snippet_type", line: 2 });
    const threw = await run(codemode, `${importing}\n  throw new Error("no " + parseCsv("a").length)`);
    expect(threw.error).toMatchObject({ code: "snippet_threw", line: 3, column: 9 });
    const unknown = await run(codemode, 'import { parseCSV } from "codemode/std";\nreturn parseCSV("a")');
    expect(unknown.error?.code).toBe("snippet_type");
    expect(unknown.error?.message).toContain("parseCSV");
  });

  it("makes no other import possible", async () => {
    const codemode = start({ check: "off" });
    for (const code of [
      'import fs from "node:fs";\nreturn 1',
      'import { parseCsv } from "codemode/std";\nimport fs from "node:fs";\nreturn 1',
      'import "std.js";\nreturn 1',
      'import x from "saved.js";\nreturn 1',
      'return 1;\nimport { parseCsv } from "codemode/std";',
      'export * from "codemode/std";',
    ])
      expect([code, (await run(codemode, code)).error?.code]).toEqual([code, "snippet_syntax"]);
    for (const code of [
      'await import("codemode/std")',
      'await import("std.js")',
      'await import("cloudflare:workers")',
    ])
      expect([code, (await run(codemode, `return ${code}`)).status]).toEqual([code, "failed"]);
  });
});
