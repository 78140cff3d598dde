/**
 * The contracts of who answers in the middle of a run: a model for `codemode.ask(…)` and for what a source would sample, a
 * person for what a source asks.
 */
import type { Json } from "./value.ts";

export interface ModelQuestion {
  /** Words of a snippet. */
  readonly prompt: string;
  /** JSON Schema of the answer; absent: text. The answer is checked against it by whoever asks. */
  readonly schema?: Json;
  readonly maxTokens: number;
  readonly principal: string;
  readonly runId: string;
  /** Aborts when the run ends or the answer is no longer waited for. */
  readonly signal: AbortSignal;
}

/** The answer as text, as JSON text, or as the value itself. */
export type AskModel = (question: ModelQuestion) => Promise<Json>;

/** A form that a source wants filled in, in the middle of a call. */
export interface PersonQuestion {
  /** Ready to be shown: it names the source, and the source's own words are set off. */
  readonly message: string;
  /** JSON Schema of one flat object, its words made harmless. */
  readonly schema: Json;
  readonly principal: string;
  readonly runId: string;
  /** Aborts when the answer is no longer waited for. */
  readonly signal: AbortSignal;
}

export type PersonAnswer =
  | { readonly action: "accept"; readonly content: { readonly [field: string]: Json } }
  | { readonly action: "decline" | "cancel" };

/** Whatever is thrown counts as nobody having been asked. */
export type AskPerson = (question: PersonQuestion) => Promise<PersonAnswer>;
