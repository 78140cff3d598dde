/**
 * Splits one budget over the parts of a text. Each has a share that is its own in any case; what a part leaves of its
 * share flows to those that need more.
 */
import { mostTokens } from "./most-tokens.ts";

export interface Part {
  /** Of the budget; all shares together make 1. */
  readonly share: number;
  /** At most so many tokens; the empty text where there is nothing to say. */
  readonly render: (tokens: number) => string;
}

/** What stands between two parts costs so much. */
const gapTokens = 2;

/** The texts of `main` and of the others, in the order given. `main` is rendered once, as it may be large. */
export function shareTokens(main: Part, others: readonly Part[], tokens: number): readonly string[] {
  const wanted = others.map((part) => part.render(tokens));
  const needs = wanted.map(costOf);
  const all = needs.reduce((sum, need) => sum + need, 0);
  const own = Math.floor(main.share * tokens);
  const text = main.render(Math.max(own, tokens - all) - gapTokens);
  const left = tokens - costOf(text);
  if (all <= left) return [text, ...wanted];
  const given = giveOut(others, needs, left);
  return [
    text,
    ...others.map((part, at) => {
      const most = given[at] ?? 0;
      return (needs[at] ?? 0) <= most ? (wanted[at] ?? "") : part.render(Math.floor(most) - gapTokens);
    }),
  ];
}

/** Who needs less than its share gets what it needs; the others share the rest by their shares, and so on. */
function giveOut(parts: readonly Part[], needs: readonly number[], tokens: number): readonly number[] {
  const given = parts.map(() => 0);
  let open = parts.map((_, at) => at);
  let left = tokens;
  for (;;) {
    const shares = open.reduce((sum, at) => sum + (parts[at]?.share ?? 0), 0);
    const room = left;
    const shareOf = (at: number): number => (room * (parts[at]?.share ?? 0)) / shares;
    const content = open.filter((at) => (needs[at] ?? 0) <= shareOf(at));
    for (const at of content.length === 0 ? open : content)
      given[at] = content.length === 0 ? shareOf(at) : (needs[at] ?? 0);
    if (content.length === 0) return given;
    for (const at of content) left -= needs[at] ?? 0;
    open = open.filter((at) => !content.includes(at));
    if (open.length === 0) return given;
  }
}

function costOf(text: string): number {
  return text === "" ? 0 : mostTokens(text) + gapTokens;
}
