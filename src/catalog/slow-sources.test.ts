import { afterEach, describe, expect, it } from "vitest";
import { CodemodeError } from "../errors.ts";
import type { Source } from "../spec/source.ts";
import type { SourceListing } from "../spec/tool.ts";
import { LiveCatalog, type LiveCatalogOptions } from "./live-catalog.ts";

const open: LiveCatalog[] = [];
afterEach(async () => {
  for (const live of open.splice(0)) await live[Symbol.asyncDispose]();
});

function start(options: LiveCatalogOptions): LiveCatalog {
  const live = new LiveCatalog(options);
  open.push(live);
  return live;
}

const listing: SourceListing = {
  tools: [{ upstreamName: "a", name: ["a"], input: { type: "object" }, raw: {} }],
  issues: [],
};

/** Answers after so long, or never; gives up when it is closed. */
function source(name: string, ms: number, answer: SourceListing | Error = listing): Source {
  return {
    name,
    kind: "functions",
    fingerprint: name,
    identity: async () => ({ kind: "test" }),
    list: ({ signal }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(new CodemodeError("run_cancelled", "closed")));
        if (ms === Infinity) return;
        setTimeout(() => (answer instanceof Error ? reject(answer) : resolve(answer)), ms);
      }),
    call: () => Promise.reject(new Error("never called")),
    status: () => ({ state: "idle" }),
    [Symbol.asyncDispose]: async () => {},
  };
}

async function took(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}

describe("a source that is slow", () => {
  it("is waited for no longer than there is patience, and is said to be starting", async () => {
    const live = start({ sources: [source("quick", 0), source("slow", Infinity)] });
    expect(await took(live.current({ patienceMs: 50 }))).toBeLessThan(5_000);
    const catalog = live.now();
    expect([...catalog.tools.keys()]).toEqual(["quick.a"]);
    expect(catalog.troubles).toEqual([{ name: "slow", state: "starting", text: "starting" }]);
  });

  it("is not waited for by who does not want it", async () => {
    const live = start({ sources: [source("quick", 0), source("slow", Infinity)] });
    const asked = live.current({ wanted: (name) => name === "quick" });
    expect(await took(asked)).toBeLessThan(5_000);
    const catalog = await asked;
    expect([...catalog.tools.keys()]).toEqual(["quick.a"]);
  });

  it.each([
    [300, "ready", undefined],
    [900, "down", "down, did not answer within 10 ms"],
  ])("that answers after %s ms is %s once its time is over", async (ms, state, text) => {
    const live = start({ sources: [source("slow", ms)], startMs: { slow: 10 } });
    const catalog = await live.current();
    expect(catalog.troubles?.[0]?.text).toBe(text);
    expect(live.overview()[0]?.status.state === "failed").toBe(state === "down");
    // It is still listened to, and comes by itself.
    await expect.poll(() => live.now().tools.size, { timeout: 5_000 }).toBe(1);
    expect(live.now().troubles).toBeUndefined();
  });

  it("counts as down for the next question as well, which does not wait again", async () => {
    const live = start({ sources: [source("slow", Infinity)], startMs: { slow: 10 } });
    await live.current();
    expect(await took(live.current())).toBeLessThan(300);
  });
});

describe("a source that is down says why, in a few words", () => {
  const missing = new CodemodeError("config_variable_missing", "mcpServers.s.env.T needs ${TOKEN}.", {
    data: { variable: "TOKEN" },
  });
  const wrapped = new CodemodeError("source_unavailable", '"s" cannot be reached: env.T: …', {
    cause: missing,
  });
  it.each<[string, CodemodeError, string]>([
    ["a variable", missing, "down, set TOKEN"],
    ["a variable, whatever is around it", wrapped, "down, set TOKEN"],
    [
      "what its process said",
      new CodemodeError(
        "source_unavailable",
        '"s" exited with code 1 while starting. Its last words on stderr:\n  Error: no database\n  at port 5432',
      ),
      "down, exited with code 1 while starting: Error: no database at port 5432",
    ],
    [
      "no more than a line of a stranger's",
      new CodemodeError("source_unavailable", `"s" failed.\u202E\u001B[2J ${"x".repeat(1_000)}`),
      `down, failed. [2J ${"x".repeat(227)}…`,
    ],
  ])("%s", async (_what, error, text) => {
    const live = start({ sources: [source("s", 0, error)] });
    const { troubles } = await live.current();
    expect(troubles).toEqual([{ name: "s", state: "down", text }]);
  });

  it("and all of it to a person", async () => {
    const error = new CodemodeError("source_unavailable", '"s" ended. Its last words on stderr:\n  a\n  b', {
      hint: "Look.",
    });
    const live = start({ sources: [source("s", 0, error)] });
    await live.current();
    expect(live.overview()[0]?.status.reason).toBe('"s" ended. Its last words on stderr: a; b Look.');
  });
});
