/**
 * The ranking behind `codemode.search` of @cloudflare/codemode 0.5.6, which is executor's as well (the same
 * weights, bonuses and coverage rule stand in executor's tool-invoker.ts). Neither package exports it
 * (one needs the Workers runtime, the other its server), so its rules are written again here: fields path,
 * source, name and description with weights 12, 8, 10 and 5; a word counts 4 when it is whole, 2 as a
 * prefix either way, 1 inside; whole-query bonuses 14, 9 and 6; at least 60% of the words must match.
 */
import type { SetTool } from "../load-sets.ts";
import type { Peer } from "./peer.ts";

export const cloudflareCodemode: Peer = {
  name: "@cloudflare/codemode, executor",
  origin: "semantics of @cloudflare/codemode 0.5.6 and of executor's tool-invoker.ts, written again here",
  build: async (tools) => {
    const items = tools.map(toItem);
    return async (query) =>
      items
        .map((item) => ({ item, score: scoreItem(item, query) }))
        .filter((scored) => scored.score > 0)
        .sort((a, b) => b.score - a.score || a.item.path.localeCompare(b.item.path))
        .slice(0, 10)
        .map((scored) => scored.item.tool.name);
  },
};

interface Field {
  readonly raw: string;
  readonly words: readonly string[];
  readonly weight: number;
}

interface Item {
  readonly tool: SetTool;
  readonly path: string;
  readonly fields: readonly Field[];
}

function toItem(tool: SetTool): Item {
  const path = `${tool.group}.${tool.name}`;
  const fields = [field(path, 12), field(tool.group, 8), field(tool.name, 10), field(tool.description, 5)];
  return { tool, path, fields };
}

function field(text: string, weight: number): Field {
  return { raw: normalise(text), words: wordsOf(text), weight };
}

function normalise(text: string): string {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/[_./:-]+/g, " ")
    .toLowerCase()
    .trim();
}

function wordsOf(text: string): string[] {
  return normalise(text)
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}

function scoreItem({ fields }: Item, query: string): number {
  const whole = normalise(query);
  const words = wordsOf(query);
  if (words.length === 0) return 0;
  const matched = new Set<string>();
  let score = 0;
  let phrase = false;
  for (const { raw, words: own, weight } of fields) {
    if (raw === "") continue;
    if (raw === whole) score += weight * 14;
    else if (raw.startsWith(whole)) score += weight * 9;
    else if (raw.includes(whole)) score += weight * 6;
    phrase ||= raw.includes(whole);
    for (const word of words) {
      const gain = own.includes(word)
        ? 4
        : own.some((known) => known.startsWith(word) || word.startsWith(known))
          ? 2
          : raw.includes(word)
            ? 1
            : 0;
      if (gain > 0) matched.add(word);
      score += weight * gain;
    }
  }
  const coverage = matched.size / words.length;
  if (matched.size === 0 || (coverage < (words.length <= 2 ? 1 : 0.6) && !phrase)) return 0;
  score += coverage === 1 ? 25 : Math.round(coverage * 10);
  const [path, , name] = fields;
  if (path?.words[0] === words[0] || name?.words[0] === words[0]) score += 8;
  if (path?.raw === whole || name?.raw === whole) score += 20;
  return score;
}
