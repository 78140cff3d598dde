/**
 * The modules that come with a program, on any engine.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine, GuestOutcome } from "../../src/spec/engine.ts";
import { observe, type EngineSubject } from "./engine-subject.ts";

export function describeModules(subject: EngineSubject): void {
  describe("modules of a program", () => {
    let engine: Engine;
    beforeAll(() => {
      engine = subject.create({ prewarm: 1 });
    });
    afterAll(() => engine[Symbol.asyncDispose]());

    async function run(code: string, modules: Record<string, string>): Promise<GuestOutcome> {
      const { session } = await observe(engine, "", { code, modules });
      await using closing = session;
      void closing;
      return await session.outcome;
    }
    const modules = {
      "a.js": 'import { z } from "z.js"; export const next = () => z + 1;',
      "z.js": "export const z = 41;",
      "default.js": 'import { next } from "a.js"; export default next() * 2;',
    };

    it("are imported by the program and by each other, in any order", async () => {
      const code =
        'import { next } from "a.js";import twice, * as all from "default.js";export default async () => [next(), twice, all.default]';
      expect(await run(code, modules)).toEqual({ status: "completed", value: [42, 84, 84] });
    });

    it("are there for the run that they came with and for no other", async () => {
      const code = 'import { z } from "z.js";export default async () => z';
      expect(await run(code, modules)).toMatchObject({ value: 41 });
      expect(await run(code, { "z.js": "export const z = 1;" })).toMatchObject({ value: 1 });
      expect(await run(code, {})).toMatchObject({ status: "failed", error: { code: "snippet_syntax" } });
    });

    it("see the globals of the sandbox, and no clock but its own", async () => {
      const clock = { "clock.js": "export const at = Date.now(); export const kind = typeof process;" };
      const code = 'import { at, kind } from "clock.js";export default async () => [at, kind]';
      expect(await run(code, clock)).toMatchObject({ value: [0, "undefined"] });
    });

    it.each(["node:fs", "cloudflare:workers", "main.js", "harness.js", "./z.js", "data:text/javascript,1"])(
      "import nothing else: %s",
      async (specifier) => {
        for (const statement of [
          `import ${JSON.stringify(specifier)};`,
          `export * from ${JSON.stringify(specifier)};`,
        ]) {
          const outcome = await run('import "m.js";export default async () => 1', { "m.js": statement });
          expect(outcome).toMatchObject({ status: "failed", error: { code: "snippet_syntax" } });
        }
        const late = { "m.js": `export const late = () => import(${JSON.stringify(specifier)});` };
        const code = 'import { late } from "m.js";export default async () => late()';
        expect(await run(code, late)).toMatchObject({ status: "failed", error: { code: "unsupported" } });
      },
    );

    it("may be a megabyte", async () => {
      const large = { "large.js": `export const text = "${"x".repeat(2 ** 20)}";` };
      const code = 'import { text } from "large.js";export default async () => text.length';
      expect(await run(code, large)).toMatchObject({ value: 2 ** 20 });
    });
  });
}
