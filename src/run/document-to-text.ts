/**
 * The one text about a run that the model reads: result, error with the next step, logs, calls and the writes that
 * happened. All of it shares one budget of tokens, which is proved last, over the text as it leaves.
 */
import type { Execution } from "../spec/codemode.ts";
import type { RunDocument } from "../spec/run.ts";
import { restoreIntegers } from "../json/restore-integers.ts";
import type { ExactJson, Json } from "../spec/value.ts";
import { defaultLimits } from "../spec/limits.ts";
import { cutLines, mostCharactersPerToken } from "./render/cut-text.ts";
import { fitsTokens, mostTokens } from "./render/most-tokens.ts";
import {
  callsToText,
  errorToText,
  inexactToText,
  filesToText,
  logsToText,
  notesToText,
  pendingToText,
  wholeAt,
} from "./render/run-parts.ts";
import { escapeHidden } from "../show-hidden.ts";
import { shareTokens, type Part } from "./render/share-tokens.ts";
import { unseenToText } from "./render/unseen-to-text.ts";
import { writesToText } from "./render/writes-to-text.ts";
import { valueToText } from "./render/value-to-text.ts";
import { uncut, writeValue } from "./render/write-value.ts";

export interface TextOptions {
  /** The model's own code, for the line an error points at. */
  readonly code: string;
  /** Sentences to put before all else, such as warnings of the check. */
  readonly notes?: readonly string[];
  /** o200k tokens that the text may have. Default 6,000. */
  readonly tokens?: number;
  /** The run was ended before its own end, so that it has no result to speak of. */
  readonly stopped?: boolean;
  /** The result stands beside the text. */
  readonly aside?: boolean;
  /** Words that tell a user how the run is answered. */
  readonly answerWith?: ((runId: string) => string) | undefined;
}

/** Of the budget, for a result beside the text. */
const mostAside = 0.75;
/** Of the budget, for links to the run's files. */
const mostForLinks = 0.25;
const linkTokens = 128;
const resultAside = "The result is in structuredContent.";
/** What each part may take in any case; what one leaves over, the others may take. */
const shares: Shares = {
  result: 0.46,
  unseen: 0.04,
  error: 0.12,
  pending: 0.16,
  logs: 0.1,
  writes: 0.06,
  calls: 0.02,
  files: 0.02,
  notes: 0.02,
};

/** Of a dry run the writes are the news. */
const dryShares: Shares = { ...shares, result: 0.26, writes: 0.26 };

interface Shares {
  readonly result: number;
  readonly unseen: number;
  readonly error: number;
  readonly pending: number;
  readonly logs: number;
  readonly writes: number;
  readonly calls: number;
  readonly files: number;
  readonly notes: number;
}

/** Never more than `tokens`, whatever the document holds. */
export function documentToText(document: RunDocument, options: TextOptions): string {
  const { tokens = defaultLimits.resultTokens } = options;
  // Parts are measured one by one, and may cost a little more as one text.
  for (const share of [1, 0.97, 0.9, 0.75]) {
    const text = compose(document, options, Math.floor(tokens * share));
    if (fitsTokens(text, tokens)) return text;
  }
  return cutLines(compose(document, options, Math.floor(tokens / 2)).split("\n"), tokens);
}

/** With `structured`, a result that fits and holds nothing that text would have to mark stands beside the text. */
export function documentToAnswer(
  document: RunDocument,
  { structured = false, ...options }: TextOptions & { readonly structured?: boolean | undefined },
): Execution {
  const { tokens: all = defaultLimits.resultTokens } = options;
  const { result, status, artifacts = [] } = document;
  const tokens = all - Math.min(Math.floor(all * mostForLinks), artifacts.length * linkTokens);
  const aside = structured && status === "completed" && result !== undefined;
  const found = aside ? plainTokens(document, result, tokens) : undefined;
  const used = found === undefined || found > tokens * mostAside ? undefined : found;
  const text = documentToText(
    document,
    used === undefined ? { ...options, tokens } : { ...options, tokens: tokens - used, aside: true },
  );
  const left = artifacts.length === 0 ? {} : { spareTokens: all - (used ?? 0) - mostTokens(text) };
  return {
    document,
    text,
    ...(used === undefined || result === undefined ? {} : { structured: { result, ...marksOf(document) } }),
    ...left,
  };
}

function marksOf({ exact, inexact }: RunDocument): Pick<RunDocument, "exact" | "inexact"> {
  return { ...(exact === undefined ? {} : { exact }), ...(inexact === undefined ? {} : { inexact }) };
}

/** Of the value as the JSON that a client makes of it; nothing for one that is too large, hides or labels something. */
function plainTokens(document: RunDocument, result: Json, tokens: number): number | undefined {
  const written = writeValue(result, uncut, tokens * mostCharactersPerToken);
  if (written === undefined || written.labelled) return undefined;
  const json = JSON.stringify({ result, ...marksOf(document) });
  return escapeHidden(json, { text: "prose" }) === json ? mostTokens(json) : undefined;
}

function compose(
  document: RunDocument,
  { code, notes = [], stopped = false, aside = false, answerWith }: TextOptions,
  tokens: number,
): string {
  const own = document.dryRun === true ? dryShares : shares;
  const ended = document.status === "completed" && !stopped;
  const part = (name: keyof Shares, render: Part["render"]): Part => ({ share: own[name], render });
  const [result = "", said = "", error = "", unseen = "", pending = "", writes = "", ...rest] = shareTokens(
    part("result", (most) => (!ended ? "" : aside ? resultAside : resultToText(document, most))),
    [
      part("notes", (most) => notesToText([...notes, ...inexactToText(document)], most)),
      part("error", (most) => errorToText(document, code, most)),
      part("unseen", (most) => unseenToText(document, most)),
      part("pending", (most) => pendingToText(document, most, answerWith)),
      part("writes", (most) => writesToText(document, most)),
      part("logs", (most) => logsToText(document, most)),
      part("calls", (most) => callsToText(document, most)),
      part("files", (most) => filesToText(document, most)),
    ],
    tokens,
  );
  const [first, last] = document.dryRun === true ? [writes, ""] : ["", writes];
  return [first, said, error, unseen, pending, result, ...rest, last]
    .filter((text) => text !== "")
    .join("\n\n");
}

function resultToText({ result, exact, artifacts = [] }: RunDocument, tokens: number): string {
  if (result === undefined) return "The snippet completed and returned nothing. Return a value to see it.";
  const artifact = artifacts.find((each) => each.of === "result");
  return valueToText(restoreIntegers(result, exact) as ExactJson, {
    tokens,
    whole: artifact === undefined ? undefined : wholeAt(artifact),
    from: "Returned by the snippet",
  });
}
