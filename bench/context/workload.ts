/**
 * One task of the published comparisons, rebuilt without a model: its tools, the calls that an agent makes one a
 * turn, and the program that a model writes instead.
 */
import type { FunctionDefinition } from "../../src/index.ts";

export interface Workload {
  readonly name: string;
  /** What was published of it. */
  readonly published: string;
  /** Of the tokens of the classic transcript, what the published way still takes; or the tokens themselves. */
  readonly bar: { readonly share: number } | { readonly tokens: number };
  readonly source: string;
  readonly tools: { readonly [name: string]: FunctionDefinition };
  /** What a model asks for first. */
  readonly query: string;
  readonly program: string;
  /** One tool call each, as an agent without programs makes them; answered by the same tools. */
  readonly calls: readonly { readonly tool: string; readonly args: { readonly [name: string]: unknown } }[];
  /** Throws when the answer is not right. */
  readonly verify: (result: unknown) => void;
}

/** The same numbers on every machine. */
export function createDice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}
