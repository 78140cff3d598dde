/**
 * The budgeted rendering: one tool as compact TypeScript for a model, as complete as the tokens allow. What is
 * cut is marked, and the mark says how to get the rest.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import type { CatalogSource, Tool } from "../spec/tool.ts";
import { acceptsNothing } from "./accepts-nothing.ts";
import { type BriefMeasures, createBriefWriter } from "./brief-writer.ts";
import type { TypeBuilder } from "./schema-to-type.ts";
import { createSlotNames } from "./slot-names.ts";
import { sourceModel, type ToolTypes } from "./source-model.ts";
import { createTypeNames } from "./type-name.ts";

export interface ToolSignature {
  /** `(args: { … }) => Promise<…>`. */
  readonly signature: string;
  /** Declarations of the named types the signature uses, one each. */
  readonly types: readonly string[];
  /** Something was left out. */
  readonly truncated: boolean;
  /** Named types that are referred to and not declared; absent where there are none. */
  readonly missing?: readonly string[];
}

export interface SignatureOptions {
  /** Tokens for signature and types together; default 400. The shortest form may exceed it. */
  readonly tokens?: number;
  /** Uses all tokens for detail, rather than about a third once a call can be right. Default `false`. */
  readonly fill?: boolean;
  /** What is said where something was cut; default: how to ask for the rest. */
  readonly cutNote?: string;
}

interface Step {
  /** Levels of the arguments that are written out, and of the answer. */
  readonly depth: number;
  readonly answer: number;
  /** Optional properties per object, and values per list of literals. */
  readonly width: number;
  readonly values: number;
  /** Named types that are declared. */
  readonly types: number;
}

/** Detail that is worth having while it costs little, from much to less. */
const generous: readonly Step[] = [
  { depth: 6, width: 1_000, values: 60, answer: 5, types: 40 },
  { depth: 5, width: 60, values: 60, answer: 4, types: 20 },
  { depth: 4, width: 30, values: 30, answer: 3, types: 8 },
  { depth: 3, width: 20, values: 16, answer: 2, types: 3 },
];

/** What a call needs to be right the first time, and then ever less of it. */
const sparing: readonly Step[] = [
  { depth: 3, width: 20, values: 16, answer: 2, types: 2 },
  { depth: 2, width: 14, values: 10, answer: 2, types: 1 },
  { depth: 2, width: 8, values: 6, answer: 1, types: 1 },
  { depth: 1, width: 8, values: 6, answer: 1, types: 1 },
  { depth: 1, width: 4, values: 4, answer: 0, types: 0 },
  { depth: 1, width: 0, values: 3, answer: 0, types: 0 },
  { depth: 0, width: 0, values: 3, answer: 0, types: 0 },
];

/** Tokens up to which detail and comments are added. */
const comfortableTokens = 120;
const commentLengths = [100, 60, 30];

export function toolToSignature(
  tool: Tool,
  source: CatalogSource,
  options: SignatureOptions = {},
): ToolSignature {
  const tokens = options.tokens ?? 400;
  const comfortable =
    options.fill === true ? tokens : Math.min(tokens, Math.max(comfortableTokens, tokens * 0.3));
  const cutNote = options.cutNote ?? `rest: codemode.describe(${JSON.stringify(tool.path)})`;
  const model = sourceModel(source);
  const types = model.toolTypes(tool);
  const { builder } = model;
  for (const step of generous) {
    const plain = render(builder, types, { step, tokens: comfortable, comment: 0, cutNote });
    if (plain === undefined) continue;
    for (const comment of commentLengths) {
      const commented = render(builder, types, { step, tokens: comfortable, comment, cutNote });
      if (commented !== undefined) return commented;
    }
    return plain;
  }
  for (const step of sparing) {
    const plain = render(builder, types, { step, tokens, comment: 0, cutNote });
    if (plain !== undefined) return plain;
  }
  const shortest = `(args: { /* … */ }) => Promise<any> /* ${cutNote} */`;
  return { signature: shortest, types: [], truncated: true };
}

interface Attempt {
  readonly step: Step;
  readonly tokens: number;
  readonly comment: number;
  readonly cutNote: string;
}

/** `undefined` when it takes more than the tokens given. */
function render(
  builder: TypeBuilder,
  types: ToolTypes,
  { step, tokens, comment, cutNote }: Attempt,
): ToolSignature | undefined {
  const { input, output, isObserved } = types;
  const slotName = createSlotNames(builder, createTypeNames());
  const measures: BriefMeasures = { ...step, comment, parts: tokens * 2, slotName };
  const writer = createBriefWriter(builder, measures);
  const answers = createBriefWriter(builder, { ...measures, depth: step.answer, comment: 0 });
  const args = writer.text(input);
  const answer = output === undefined ? "any" : answers.text(output);
  const declared = new Set<number>();
  const declarations: string[] = [];
  for (const from of [writer, answers]) {
    for (const slot of from.used) {
      if (declared.has(slot) || declarations.length >= step.types) continue;
      declared.add(slot);
      declarations.push(from.declaration(slot));
    }
  }
  if (writer.isFull || answers.isFull) return undefined;
  const missing = [...new Set([...writer.used, ...answers.used])]
    .filter((slot) => !declared.has(slot))
    .map(slotName);
  const truncated = writer.isCut || answers.isCut || missing.length > 0;
  const takesNothing = args === "{}" || args === "Record<string, never>";
  const parameter = takesNothing ? "" : `args${acceptsNothing(builder, input) ? "?" : ""}: ${args}`;
  const rest = truncated ? ` /* ${cutNote} */` : "";
  const signature = `(${parameter}) => Promise<${answer}>${isObserved ? " /* observed */" : ""}${rest}`;
  if (estimateTokens([signature, ...declarations].join("\n")) > tokens) return undefined;
  return { signature, types: declarations, truncated, ...(missing.length === 0 ? {} : { missing }) };
}
