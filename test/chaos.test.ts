/**
 * Hundreds of runs while sandbox processes are killed, upstreams fail, callers cancel and one snippet in ten is
 * hostile: every run ends in one typed state, what was not killed has the right result, and nothing is left.
 * `CODEMODE_CHAOS_RUNS` (default 300) and `CODEMODE_CHAOS_SEED` make it longer and other.
 */
import { describe, expect, it } from "vitest";
import {
  createCodemode,
  createFunctionsSource,
  createMemoryJournal,
  errorCodes,
  type RunDocument,
  type Source,
} from "../src/index.ts";
import { childrenOf } from "./hostile/host-state.ts";
import { engines } from "./hostile/hostile-host.ts";

const runs = Number(process.env["CODEMODE_CHAOS_RUNS"] ?? 300);
const seed = Number(process.env["CODEMODE_CHAOS_SEED"] ?? 1);

/** Numbers in [0, 1) from a seed (mulberry32). */
function createRandom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Fails one call in five and answers late; notes each write that took effect. */
function createShakySource(random: () => number, written: number[]): Source {
  const input = { type: "object" } as const;
  const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, random() * 15));
  return createFunctionsSource("shaky", {
    read: {
      description: "Answers with the double, or fails.",
      effect: "read",
      input,
      run: async ({ n = 0 }: { n?: number }) => {
        await later();
        if (random() < 0.2) throw new Error("The upstream is down.");
        return n * 2;
      },
    },
    write: {
      description: "Notes a number.",
      effect: "write",
      input,
      run: async ({ n = 0 }: { n?: number }) => {
        written.push(n);
        await later();
        return n;
      },
    },
  });
}

const persistent =
  "const read = async (n) => { for (;;) { try { return await tools.shaky.read({ n }) } catch (e) { if (e.code !== 'tool_failed') throw e } } };";

interface Kind {
  readonly code: (n: number) => string;
  /** What it must return when nothing befell it. */
  readonly right?: (n: number) => unknown;
  /** Codes of its own making. */
  readonly codes: readonly string[];
  readonly asks?: true;
  readonly cancels?: true;
}

const good: readonly Kind[] = [
  { code: (n) => `return ${n} + 1`, right: (n) => n + 1, codes: [] },
  {
    code: (n) => `${persistent} return await read(await read(${n}))`,
    right: (n) => n * 4,
    codes: [],
  },
  {
    code: (n) => `${persistent} return (await Promise.all([1, 2, 3, 4].map((i) => read(${n} + i)))).join()`,
    right: (n) => [1, 2, 3, 4].map((i) => (n + i) * 2).join(),
    codes: [],
  },
  {
    code: (n) => `await new Promise((r) => setTimeout(r, 5)); console.log("at", ${n}); return { n: ${n} }`,
    right: (n) => ({ n }),
    codes: [],
  },
  { code: (n) => `return await tools.shaky.read({ n: ${n} })`, right: (n) => n * 2, codes: ["tool_failed"] },
  {
    code: (n) => `${persistent} const r = await read(${n}); return [r, await tools.shaky.write({ n: ${n} })]`,
    right: (n) => [n * 2, n],
    codes: [],
    asks: true,
  },
  {
    code: (n) => `${persistent} let r = 0; for (let i = 0; i < 8; i += 1) r += await read(${n}); return r`,
    right: (n) => n * 16,
    codes: ["run_cancelled"],
    cancels: true,
  },
];

const hostile: readonly Kind[] = [
  { code: () => "for (;;) {}", codes: ["cpu_limit", "wall_limit"] },
  {
    code: () => "const a = []; for (;;) a.push(new Array(1000).fill(1))",
    codes: ["memory_limit", "cpu_limit", "snippet_threw", "wall_limit"],
  },
  { code: () => "await new Promise(() => {})", codes: ["never_settled"] },
  {
    code: () => "await Promise.all(Array.from({ length: 5000 }, (_, n) => tools.shaky.read({ n })))",
    codes: ["call_limit", "cpu_limit", "tool_failed"],
  },
  {
    code: () =>
      'globalThis.Number = () => \'null]\\n["result",1]\\n["result",2\'; await tools.shaky.read({})',
    codes: ["bridge_violation"],
  },
];

/** What may befall any run, none of its own making. */
const mishaps = ["sandbox_died", "sandbox_unavailable"];

describe.each(engines)("chaos on %s", (_, createEngine) => {
  it(
    `ends each of ${runs} runs in one typed state (seed ${seed})`,
    async () => {
      const random = createRandom(seed);
      const written: number[] = [];
      const before = childrenOf(process.pid).length;
      const journal = createMemoryJournal();
      const codemode = createCodemode({
        sources: [createShakySource(random, written)],
        engine: createEngine({ prewarm: 2, most: 4 }),
        journal,
        check: "off",
        limits: { cpuMs: 400, wallMs: 3_000, lifetimeMs: 20_000, memoryMb: 64, calls: 100 },
      });
      let kills = 0;
      // Paced by what has ended, not by the clock: where booting takes long, no kill meets only what boots.
      const strikeSoon = (): void => {
        if (random() < 0.7) return;
        setTimeout(() => {
          const sandboxes = childrenOf(process.pid);
          const victim = sandboxes[Math.floor(random() * sandboxes.length)];
          if (victim === undefined) return;
          kills += 1;
          killTree(victim);
        }, random() * 30);
      };

      const ended = new Map<number, RunDocument>();
      async function run(n: number): Promise<void> {
        const table = random() < 0.1 ? hostile : good;
        const kind = table[Math.floor(random() * table.length)] ?? hostile[0];
        if (kind === undefined) return;
        const abort = new AbortController();
        if (kind.cancels === true) setTimeout(() => abort.abort(), random() * 150);
        const terminal: string[] = [];
        let { document } = await codemode.execute({
          code: kind.code(n),
          signal: abort.signal,
          onEvent: (event) => {
            if (event.type === "status" && !/queued|running/.test(event.status)) terminal.push(event.status);
          },
        });
        expect(terminal, "one end").toEqual([document.status]);
        if (document.status === "paused") {
          expect(kind.asks).toBe(true);
          expect(written).not.toContain(n);
          await codemode.answer({ runId: document.runId, approve: true });
          ({ document } = await codemode.resume({ runId: document.runId }));
        }
        ended.set(n, document);
        expect(document.status).toMatch(/^(completed|failed|cancelled)$/);
        if (document.status === "completed") {
          if (kind.right !== undefined) expect(document.result).toEqual(kind.right(n));
        } else {
          expect(Object.keys(errorCodes)).toContain(document.error?.code);
          expect([...kind.codes, ...mishaps]).toContain(document.error?.code);
        }
        expect((await journal.run("local", document.runId))?.status).toBe(document.status);
        expect(written.filter((each) => each === n).length, "never twice").toBeLessThanOrEqual(1);
      }

      let next = 0;
      const lane = async (): Promise<void> => {
        while (next < runs) {
          await run((next += 1));
          strikeSoon();
        }
      };
      await Promise.all(Array.from({ length: 6 }, lane));

      expect(ended.size).toBe(runs);
      const codes = [...ended.values()].map((document) => document.error?.code ?? document.status);
      const died = codes.filter((code) => mishaps.includes(code)).length;
      expect(died, "some were struck").toBeGreaterThan(0);
      expect(died, "each death has its kill").toBeLessThanOrEqual(kills);
      expect(codes.filter((code) => code === "completed").length).toBeGreaterThan(runs * 0.5);

      const after = await codemode.execute({ code: "return 1" });
      expect(after.document.result).toBe(1);
      await codemode.close();
      await expect.poll(() => childrenOf(process.pid).length, { timeout: 5_000 }).toBeLessThanOrEqual(before);
    },
    60_000 + runs * 1_000,
  );
});

/** The process and all below it: on some machines the sandbox runs below a helper. */
function killTree(pid: number): void {
  for (const child of childrenOf(pid)) killTree(child);
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It had ended by itself.
  }
}
