/**
 * BM25 as two peers use it: plain (server, name, description, parameter names; case split; k1 1.2, b 0.75)
 * and FastMCP's search transform (name, description, parameter names and descriptions; words of two
 * characters and more, no case split; k1 1.5, b 0.75), after fastmcp/server/transforms/search/bm25.py.
 */
import { bestFirst, parameterNames, parameters, type Peer } from "./peer.ts";
import type { SetTool } from "../load-sets.ts";

interface Flavour {
  readonly text: (tool: SetTool) => string;
  readonly words: (text: string) => string[];
  readonly k1: number;
  readonly b: number;
}

export const plainBm25: Peer = {
  name: "plain BM25",
  origin: "written here",
  build: (tools) =>
    build(tools, {
      text: (tool) => [tool.group, tool.name, tool.description, ...parameterNames(tool)].join(" "),
      words: (text) =>
        text
          .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
          .toLowerCase()
          .match(/[a-z0-9]+/g) ?? [],
      k1: 1.2,
      b: 0.75,
    }),
};

export const fastmcp: Peer = {
  name: "FastMCP BM25",
  origin: "semantics of fastmcp's BM25SearchTransform, written again here (it is Python)",
  build: (tools) =>
    build(tools, {
      text: (tool) =>
        [tool.name, tool.description, ...Object.entries(parameters(tool)).flatMap(describe)].join(" "),
      words: (text) =>
        text
          .toLowerCase()
          .split(/[^a-z0-9]+/)
          .filter((word) => word.length > 1),
      k1: 1.5,
      b: 0.75,
    }),
};

function describe([name, schema]: [string, unknown]): string[] {
  const description =
    typeof schema === "object" && schema !== null && "description" in schema ? schema.description : "";
  return typeof description === "string" && description !== "" ? [name, description] : [name];
}

async function build(tools: readonly SetTool[], { text, words, k1, b }: Flavour): ReturnType<Peer["build"]> {
  const documents = tools.map((tool) => words(text(tool)));
  const average =
    documents.reduce((sum, document) => sum + document.length, 0) / Math.max(1, documents.length);
  const postings = new Map<string, Map<number, number>>();
  for (const [at, document] of documents.entries()) {
    for (const word of document) {
      const posting = postings.get(word) ?? new Map<number, number>();
      posting.set(at, (posting.get(at) ?? 0) + 1);
      postings.set(word, posting);
    }
  }
  return async (query) => {
    const scores = new Float64Array(tools.length);
    for (const word of words(query)) {
      const posting = postings.get(word);
      if (posting === undefined) continue;
      const rarity = Math.log(1 + (tools.length - posting.size + 0.5) / (posting.size + 0.5));
      for (const [at, count] of posting) {
        const length = (documents[at]?.length ?? 0) / average;
        scores[at] = (scores[at] ?? 0) + (rarity * count * (k1 + 1)) / (count + k1 * (1 - b + b * length));
      }
    }
    return bestFirst(scores, 10).map((at) => tools[at]?.name ?? "");
  };
}
