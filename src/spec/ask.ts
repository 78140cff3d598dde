/**
 * The contract of what answers `codemode.ask(…)`: a model, whoever runs it.
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
