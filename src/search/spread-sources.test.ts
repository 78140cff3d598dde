import { describe, expect, it } from "vitest";
import type { Tool } from "../spec/tool.ts";
import { spreadSources } from "./spread-sources.ts";

/** `big 10` → a hit of the source `big` with a score of 10. */
function hits(...texts: readonly string[]) {
  return texts.map((text, at) => {
    const [source = "", score = ""] = text.split(" ");
    const tool = { path: `${source}.t${at}`, source } as Tool;
    return { tool, score: Number(score) };
  });
}
const pathsOf = (ranked: ReturnType<typeof hits>, limit: number): string[] =>
  spreadSources(ranked, limit).map(({ tool }) => tool.path);

describe("an answer of four places", () => {
  it("leaves half of them to others that match well enough", () => {
    const ranked = hits("big 10", "big 9", "big 8", "big 7", "small 6", "other 5", "big 4");
    expect(pathsOf(ranked, 4)).toEqual([
      "big.t0",
      "big.t1",
      "small.t4",
      "other.t5",
      "big.t2",
      "big.t3",
      "big.t6",
    ]);
  });

  it("takes nothing from a source whose rivals are far behind", () => {
    const ranked = hits("big 10", "big 9", "big 8", "big 7", "small 4.9");
    expect(pathsOf(ranked, 4)).toEqual(["big.t0", "big.t1", "big.t2", "big.t3", "small.t4"]);
  });

  it("gives places back that no rival takes, in the order of the ranking", () => {
    const ranked = hits("big 10", "big 9", "big 8", "small 7", "big 6");
    expect(pathsOf(ranked, 4)).toEqual(["big.t0", "big.t1", "big.t2", "small.t3", "big.t4"]);
  });

  it.each([0, 1])("copes with %i hits", (count) => {
    expect(spreadSources(hits("a 1").slice(0, count), 4)).toHaveLength(count);
  });
});
