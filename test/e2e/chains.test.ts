/** Chains of calls from two benchmarks, each written as one program, with exactly the recorded answers. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chainToSnippet, createChainCodemode, readChains } from "../fixtures/chains/run-chain.ts";
import { createMemoryJournal, createQuickJsEngine, createWorkerdEngine } from "../../src/index.ts";

const chains = ["bfcl.jsonl", "tau-retail.jsonl"].flatMap((file) =>
  readChains(readFileSync(join(import.meta.dirname, "../fixtures/chains", file), "utf8")),
);

describe.each([
  ["workerd", createWorkerdEngine],
  ["quickjs", createQuickJsEngine],
])("on %s", (_engine, createEngine) => {
  it.each(chains)("$id answers as recorded, and again from its journal alone", async (chain) => {
    await using codemode = createChainCodemode(chain, {
      engine: createEngine(),
      journal: createMemoryJournal(),
    });
    const { document } = await codemode.execute({ code: chainToSnippet(chain) });
    expect(document.error).toBeUndefined();
    const recorded = chain.calls.map(({ result }) => result);
    expect(document.result).toEqual(recorded);
    expect(document.calls.map(({ path }) => path.split(".").at(-1))).toEqual(
      chain.calls.map(({ tool }) => tool),
    );
    // The sources have no answer left: what is answered now comes from the journal.
    const replayed = await codemode.replay({ runId: document.runId });
    expect(replayed.document.result).toEqual(recorded);
  });

  it("a chain with a call too many ends there, and says what was done", async () => {
    const [chain = { id: "", calls: [] }] = chains;
    await using codemode = createChainCodemode(chain, { engine: createEngine() });
    const code = chainToSnippet({ ...chain, calls: [...chain.calls, ...chain.calls.slice(0, 1)] });
    const { document } = await codemode.execute({ code });
    expect(document.error?.message).toContain("was never called so");
    expect(document.writes.filter(({ state }) => state === "done")).toHaveLength(chain.calls.length);
  });
});
