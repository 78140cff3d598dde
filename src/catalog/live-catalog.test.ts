import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { CodemodeError } from "../errors.ts";
import type { Source } from "../spec/source.ts";
import type { SourceListing } from "../spec/tool.ts";
import { createListingKeeper } from "./kept-listings.ts";
import { LiveCatalog, type LiveCatalogOptions } from "./live-catalog.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function open(options: LiveCatalogOptions): LiveCatalog {
  const live = new LiveCatalog(options);
  cleanups.push(() => live[Symbol.asyncDispose]());
  return live;
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "codemode-"));
  cleanups.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

interface Scripted extends Source {
  listed: number;
  answers: (SourceListing | Error)[];
  change?: () => void;
}

function scripted(name: string, ...answers: (SourceListing | Error)[]): Scripted {
  const source: Scripted = {
    name,
    kind: "functions",
    fingerprint: `fingerprint of ${name}`,
    identity: async () => ({ kind: "test" }),
    listed: 0,
    answers,
    async list() {
      const answer = source.answers[Math.min(source.listed, source.answers.length - 1)];
      source.listed += 1;
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error("nothing scripted");
      return answer;
    },
    call: () => Promise.resolve({ value: null, labels: [] }),
    status: () => ({ state: "ready" }),
    onListChanged(listener) {
      source.change = listener;
      return { [Symbol.dispose]: () => delete source.change };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return source;
}

function listing(...names: string[]): SourceListing {
  return {
    tools: names.map((name) => ({
      upstreamName: name,
      name: [name],
      input: { type: "object" },
      raw: { name },
    })),
    issues: [],
  };
}

describe("LiveCatalog", () => {
  it("waits for a source of which nothing is known, and is not held up by one that fails", async () => {
    const bad = scripted("bad", new CodemodeError("source_unavailable", "no such command"));
    const live = open({ sources: [scripted("good", listing("a")), bad] });
    expect([...(await live.current()).tools.keys()]).toEqual(["good.a"]);
    expect(live.overview()).toMatchObject([
      { name: "good", tools: 1, kept: false, status: { state: "ready" } },
      { name: "bad", tools: 0, status: { state: "failed", reason: "no such command" } },
    ]);
    await live.current();
    expect(bad.listed).toBe(1);
  });

  it("has what a source is known to offer at once, until the source itself says otherwise", async () => {
    const source = { ...scripted("a", listing("one", "two")), known: listing("one") };
    const live = open({ sources: [source] });
    expect([...live.now().tools.keys()]).toEqual(["a.one"]);
    expect([...(await live.current({ fresh: true })).tools.keys()]).toContain("a.one");
    await expect.poll(() => [...live.now().tools.keys()]).toEqual(["a.one", "a.two"]);
  });

  it("calls a source ready once it has listed its tools, however few", async () => {
    const held = Promise.withResolvers<SourceListing>();
    const slow = scripted("slow");
    slow.list = () => held.promise;
    const live = open({ sources: [slow] });
    const listed = live.current();
    expect(live.overview()[0]?.status.state).toBe("starting");
    held.resolve(listing());
    await listed;
    expect(live.overview()[0]?.status.state).toBe("ready");
  });

  it("asks a failed source again when fresh is wanted", async () => {
    const live = open({ sources: [scripted("s", new Error("down"), listing("a"))] });
    expect((await live.current()).tools.size).toBe(0);
    expect((await live.current({ fresh: true })).tools.size).toBe(1);
    expect(live.overview()[0]?.status).toEqual({ state: "ready" });
  });

  it("serves a kept listing without dialling when lazy, and confirms it after a call", async () => {
    const keeper = createListingKeeper(await folder());
    await using first = new LiveCatalog({ sources: [scripted("s", listing("a"))], keeper });
    await first.current();
    await first[Symbol.asyncDispose]();

    const source = scripted("s", listing("a", "b"));
    const live = open({ sources: [source], keeper, dial: "lazy" });
    expect([...(await live.current()).tools.keys()]).toEqual(["s.a"]);
    expect([source.listed, live.overview()[0]?.kept]).toEqual([0, true]);
    live.answered("s", "a", { n: 1 }, false);
    await expect.poll(() => [...live.now().tools.keys()]).toEqual(["s.a", "s.b"]);
    expect(live.overview()[0]?.kept).toBe(false);
  });

  it("keeps nothing for another fingerprint and ignores a damaged file", async () => {
    const path = await folder();
    const keeper = createListingKeeper(path);
    await keeper.save("s", "one", { listing: listing("a"), observed: [] });
    expect(await keeper.load("s", "one")).toBeDefined();
    expect(await keeper.load("s", "two")).toBeUndefined();
    const { readdir, writeFile } = await import("node:fs/promises");
    for (const file of await readdir(path))
      await writeFile(join(path, file), '{"form":1,"listing":{"tools":3}}');
    expect(await keeper.load("s", "one")).toBeUndefined();
  });

  it("follows list_changed and tells listeners", async () => {
    const source = scripted("s", listing("a"), listing("a", "b"));
    const live = open({ sources: [source] });
    const before = (await live.current()).version;
    let told = 0;
    using subscription = live.onChange(() => (told += 1));
    expect(subscription).toBeDefined();
    source.change?.();
    await expect.poll(() => live.now().tools.size).toBe(2);
    expect(told).toBeGreaterThan(0);
    expect(live.now().version).not.toBe(before);
  });

  it("learns shapes of answers, unless the source is not to be observed or states its output", async () => {
    const live = open({
      sources: [scripted("s", listing("a")), scripted("t", listing("a"))],
      unobserved: new Set(["t"]),
    });
    await live.current();
    live.answered("s", "a", { id: 1 }, false);
    live.answered("t", "a", { id: 1 }, false);
    expect(live.now().tools.get("s.a")?.observed).toMatchObject({ type: "object", properties: { id: {} } });
    expect(live.now().tools.get("t.a")?.observed).toBeUndefined();
  });

  it("gives up waiting when aborted", async () => {
    const source = scripted("s", listing("a"));
    source.list = () => new Promise(() => undefined);
    const live = new LiveCatalog({ sources: [source] });
    const reason = new Error("enough");
    await expect(live.current({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
