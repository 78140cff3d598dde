/**
 * Random programs are paused, given up, and replayed: what the replay sees must be what the first session
 * saw, byte for byte, and no call may be sent again. `CODEMODE_PROGRAMS` sets how many.
 */
import { afterAll, expect, it } from "vitest";
import { createCodemode, createFunctionsSource, createWorkerdEngine } from "../../src/index.ts";
import { generateProgram } from "./generate-program.ts";

const programs = Number(process.env["CODEMODE_PROGRAMS"] ?? 120);
const batch = 20;
/** Ids of the calls that reached the upstream. */
const sent: (number | undefined)[] = [];
const input = { type: "object" } as const;
const later = (ms: number | undefined): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const codemode = createCodemode({
  sources: [
    createFunctionsSource("upstream", {
      work: {
        description: "Answers with its id after a while.",
        effect: "read",
        input,
        run: async ({ id, ms }: { id?: number; ms?: number }) => {
          sent.push(id);
          await later(ms);
          return id;
        },
      },
      fail: {
        description: "Fails after a while.",
        effect: "read",
        input,
        run: async ({ id, ms }: { id?: number; ms?: number }) => {
          sent.push(id);
          await later(ms);
          throw new Error(`failed ${id}`);
        },
      },
      write: { description: "Writes.", effect: "write", input, run: () => null },
    }),
  ],
  engine: createWorkerdEngine(),
  check: "off",
});
afterAll(() => codemode.close());

it.each(Array.from({ length: Math.ceil(programs / batch) }, (_, index) => index * batch))(
  "programs from seed %i replay exactly",
  async (first) => {
    let replayed = 0;
    for (let seed = first; seed < Math.min(first + batch, programs); seed += 1) {
      const code = generateProgram(seed);
      sent.length = 0;
      const { document } = await codemode.execute({ code });
      if (document.status === "failed") {
        // A rejection that nobody catches ends the program: the same on every engine, and nothing to replay.
        expect(document.error?.code, code).toMatch(/^(tool_failed|snippet_threw)$/);
        continue;
      }
      expect(document.status, code).toBe("paused");
      const answered = new Set(sent.splice(0));
      await codemode.answer({ runId: document.runId, approve: true });
      const resumed = await codemode.resume({ runId: document.runId });
      expect(resumed.document.error, `seed ${seed}\n${code}`).toBeUndefined();
      expect(resumed.document.result, `seed ${seed}\n${code}`).toBe(document.logs.at(-1)?.text);
      // A branch that a race left behind may go on after the pause; what was answered is never sent again.
      expect(
        sent.filter((id) => answered.has(id)),
        `seed ${seed} sent again`,
      ).toEqual([]);
      sent.length = 0;
      replayed += 1;
    }
    expect(replayed, "most programs reach their pause").toBeGreaterThan(Math.min(batch, programs) / 2);
  },
  120_000,
);
