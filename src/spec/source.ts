/**
 * The contract between the core and a live source of tools. A connector is the code that makes sources of
 * one kind; it dials lazily, reconnects by itself, and never lets one bad tool cost the others.
 */
import type { PersonAnswer } from "./ask.ts";
import type { IdentityRequest, SourceIdentity } from "./source-identity.ts";
import type { SourceListing } from "./tool.ts";
import type { Json, Value } from "./value.ts";

export type SourceState = "idle" | "starting" | "ready" | "failed" | "closed";

export interface SourceStatus {
  readonly state: SourceState;
  /** Why it failed, in one sentence with the next step. */
  readonly reason?: string;
  /** Lines for `doctor`: protocol era, transport, last lines of stderr, … */
  readonly details?: readonly string[];
}

export interface ToolCall {
  readonly upstreamName: string;
  /** Validated against the tool's input schema; an object, except for tools that take nothing. */
  readonly args: Value;
}

export interface CallContext {
  readonly signal: AbortSignal;
  /** Milliseconds after which the source gives up; the core enforces it as well. */
  readonly timeoutMs: number;
  readonly principal: string;
  readonly runId: string;
  readonly seq: number;
  /** Bytes above which the source stops reading an answer and throws `tool_result_invalid`. */
  readonly maxResultBytes: number;
  /**
   * To be called directly before the bytes of the call leave the host, without waiting between, and again before each
   * later part of them: the host may have been stopped meanwhile, and have lost the run to another. Throws, and then
   * what is left of them must not leave. Absent for calls that may be made twice.
   */
  readonly leaving?: () => void;
  readonly idempotencyKey?: string;
  /** The header that carries the key, where the operator names one. */
  readonly idempotencyHeader?: string;
  /** W3C trace context of the caller, forwarded where the protocol has a place for it. */
  readonly traceparent?: string;
  readonly onProgress?: (progress: {
    readonly done: number;
    readonly total?: number;
    readonly message?: string;
  }) => void;
  /**
   * Carries what the upstream asks in the middle of the call to the person or model at the client. Throws
   * `relay_declined` where that cannot be; the call's deadline rests while somebody is asked.
   */
  readonly relay?: (question: UpstreamQuestion) => Promise<UpstreamAnswer>;
}

/** What an upstream asks of whoever called it, before it answers: as it came, and not yet fit to be shown. */
export type UpstreamQuestion =
  | { readonly kind: "elicitation"; readonly message: string; readonly schema: unknown }
  | {
      readonly kind: "sampling";
      readonly system?: string;
      readonly messages: readonly { readonly role: "user" | "assistant"; readonly text: string }[];
      readonly maxTokens: number;
    };

export type UpstreamAnswer = PersonAnswer | { readonly action: "sampled"; readonly text: string };

/** Where an upstream takes the key by which it recognises a repetition. */
export type IdempotencyRule = { readonly header: string } | { readonly argument: string };

export interface ToolOutcome {
  readonly value: Value;
  /** Provenance labels; empty until provenance exists. */
  readonly labels: readonly string[];
  /**
   * JSON pointers of numbers in `value` that are not what the upstream wrote, since neither a number nor a bigint can
   * hold that; one to an object or a list says: somewhere in it. Default: all are exact.
   */
  readonly inexact?: readonly string[];
}

/** Resources and prompts, in the words of MCP. */
export type FeatureRequest =
  | { readonly kind: "resources.list" }
  | { readonly kind: "resources.read"; readonly uri: string }
  | { readonly kind: "prompts.list" }
  | {
      readonly kind: "prompts.get";
      readonly name: string;
      readonly args: { readonly [name: string]: string };
    };

/**
 * One live source. The core owns it once it is passed in: it is disposed with the core.
 * `list` and `call` throw `CodemodeError`s only: `source_unavailable`, `source_timeout`, `source_invalid`,
 * and for a call `tool_failed` (the tool's own message, `data` holds what it sent) and `tool_result_invalid`.
 * What `call`, `revert` and `feature` throw are `CallError`s: each states what became of the call by its `outcome`, the
 * same for the same failure in every source. An error that states none counts as `unknown`, and the write as in doubt.
 */
export interface Source extends AsyncDisposable {
  readonly name: string;
  readonly kind: string;
  /** Changes when anything that could change the listing changes; keys the kept catalog. Holds no secret. */
  readonly fingerprint: string;
  /**
   * Which upstream this is. A run keeps the identity of every source it uses, and goes on only where it is the same.
   * Holds no secret, and stays the same when only a secret changes. Throws like `list`.
   */
  identity(request: IdentityRequest): Promise<SourceIdentity>;
  /** Where the source's writes take a key, where it was told so itself. */
  readonly idempotency?: IdempotencyRule;
  /**
   * What its reads answer is not kept: they are made again when a run is resumed, and must then answer the same. For
   * large answers that stay what they are. Default: answers are kept.
   */
  readonly replay?: "reexecute";
  /** What `list` will answer, where that is known before anything is asked. */
  readonly known?: SourceListing;
  list(options: { readonly signal: AbortSignal }): Promise<SourceListing>;
  call(call: ToolCall, context: CallContext): Promise<ToolOutcome>;
  /** Undoes one completed call of a tool listed as `revertible`, given what it answered. Throws like `call`. */
  revert?(call: ToolCall, answer: Value, context: CallContext): Promise<void>;
  /** Reads what the source offers besides tools; values hold bytes as bytes. Throws like `call`. */
  feature?(request: FeatureRequest, context: CallContext): Promise<Value>;
  status(): SourceStatus;
  /** Calls back when the upstream says that its tools changed. */
  onListChanged?(listener: () => void): Disposable;
}

/** Where a connector gets a secret, at the moment of the call and never before. */
export interface Credentials {
  for(request: {
    readonly source: string;
    readonly principal: string;
    readonly origin: string;
  }): Promise<Json>;
}
