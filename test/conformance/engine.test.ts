/** Every engine through the same suite, and where they differ through the table that docs/engines.md shows. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runProgram } from "../fixtures/run-program.ts";
import { differenceToRow, engineDifferences } from "./engine-differences.ts";
import { engineSubjects } from "./engine-subject.ts";
import { describeEngine } from "./engine-suite.ts";

for (const subject of engineSubjects) describeEngine(subject);

describe("where engines differ", () => {
  const engines = engineSubjects.map((subject) => ({
    name: subject.name,
    engine: subject.create({ prewarm: 1 }),
  }));
  afterAll(async () => {
    for (const { engine } of engines) await engine[Symbol.asyncDispose]();
  });
  const page = readFileSync(join(import.meta.dirname, "../../docs/engines.md"), "utf8");

  test.each(engineDifferences)("$code", async (difference) => {
    for (const { name, engine } of engines) {
      const { outcome } = await runProgram(engine, `return ${difference.code}`);
      const answer =
        outcome.status === "completed" ? { value: outcome.value } : { throws: outcome.error.code };
      expect({ [name]: answer }).toEqual({ [name]: difference[name] });
    }
  });

  test("the page shows these and no others", () => {
    const rows = page.split("\n").filter((line) => line.startsWith("| `"));
    const spaced = rows.map((row) => row.replaceAll(/ +\|/g, " |"));
    expect(spaced).toEqual(engineDifferences.map(differenceToRow));
  });

  test("a rejection that nobody handles is logged where the engine can tell", async () => {
    for (const { name, engine } of engines) {
      const { logs } = await runProgram(engine, 'Promise.reject(new Error("lost")); await tools.a.b();');
      expect(logs.map(({ level }) => level)).toEqual(name === "workerd" ? ["error"] : []);
    }
  });
});
