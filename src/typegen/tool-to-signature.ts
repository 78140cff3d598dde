/**
 * The budgeted rendering: one tool as compact TypeScript for a model, as complete as the tokens allow. What is
 * cut is marked, and the mark says how to get the rest.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import type { CatalogSource, Tool } from "../spec/tool.ts";
import { type BriefMeasures, createBriefWriter } from "./brief-writer.ts";
import type { TypeBuilder } from "./schema-to-type.ts";
import { sourceModel, type ToolTypes } from "./source-model.ts";
import { acceptsNothing } from "./accepts-nothing.ts";

export interface ToolSignature {
  /** `(args: { … }) => Promise<…>`. */
  readonly signature: string;
  /** Declarations of the named types the signature uses, one each. */
  readonly types: readonly string[];
  /** Something was left out. */
  readonly truncated: boolean;
}

export interface SignatureOptions {
  /** Tokens for signature and types together; default 400. The shortest form may exceed it. */
  readonly tokens?: number;
}

/** From generous to scarce; the first that fits is taken. */
const steps: readonly Step[] = [
  { depth: 6, width: 1_000, values: 60, answer: 5, types: 40 },
  { depth: 4, width: 30, values: 30, answer: 3, types: 12 },
  { depth: 3, width: 20, values: 16, answer: 2, types: 6 },
  { depth: 2, width: 14, values: 10, answer: 2, types: 3 },
  { depth: 2, width: 8, values: 6, answer: 1, types: 2 },
  { depth: 1, width: 8, values: 6, answer: 1, types: 1 },
  { depth: 1, width: 4, values: 4, answer: 0, types: 0 },
  { depth: 1, width: 0, values: 3, answer: 0, types: 0 },
  { depth: 0, width: 0, values: 3, answer: 0, types: 0 },
];

interface Step extends Omit<BriefMeasures, "comment"> {
  /** Levels of the answer that are written out. */
  readonly answer: number;
  /** Named types that are declared. */
  readonly types: number;
}

/** Comments are worth their tokens only while the signature is short. */
const commentedTokens = 120;
const commentLengths = [100, 60, 30];

export function toolToSignature(
  tool: Tool,
  source: CatalogSource,
  options: SignatureOptions = {},
): ToolSignature {
  const tokens = options.tokens ?? 400;
  const model = sourceModel(source);
  const types = model.toolTypes(tool);
  let best: Rendered | undefined;
  for (const step of steps) {
    best = render(model.builder, types, { ...step, comment: 0 });
    if (best.tokens <= tokens) {
      for (const comment of best.tokens <= commentedTokens ? commentLengths : []) {
        const commented = render(model.builder, types, { ...step, comment });
        if (commented.tokens <= Math.min(tokens, commentedTokens)) return commented;
      }
      break;
    }
  }
  return best ?? { signature: "", types: [], truncated: true };
}

interface Rendered extends ToolSignature {
  readonly tokens: number;
}

function render(
  builder: TypeBuilder,
  { tool, input, output, isObserved }: ToolTypes,
  step: Step & BriefMeasures,
): Rendered {
  const writer = createBriefWriter(builder, step);
  const answers = createBriefWriter(builder, { ...step, depth: step.answer, comment: 0 });
  const args = writer.text(input);
  const answer = output === undefined ? "any" : answers.text(output);
  const declared = new Set<number>();
  const types: string[] = [];
  for (const source of [writer, answers]) {
    for (const slot of source.used) {
      if (declared.has(slot) || types.length >= step.types) continue;
      declared.add(slot);
      types.push(source.declaration(slot));
    }
  }
  const missing = [...writer.used, ...answers.used].some((slot) => !declared.has(slot));
  const truncated = writer.isCut || answers.isCut || missing;
  const parameter =
    args === "{}" || args === "Record<string, never>"
      ? ""
      : `args${acceptsNothing(builder, input) ? "?" : ""}: ${args}`;
  const rest = truncated ? ` /* rest: codemode.describe(${JSON.stringify(tool.path)}) */` : "";
  const signature = `(${parameter}) => Promise<${answer}>${isObserved ? " /* observed */" : ""}${rest}`;
  return { signature, types, truncated, tokens: estimateTokens([signature, ...types].join("\n")) };
}
