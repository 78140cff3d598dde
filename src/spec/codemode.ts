/**
 * The library's face: what `createCodemode()` returns and every surface builds on, and nothing else.
 */
import type { AskModel, AskPerson } from "./ask.ts";
import type { CatalogRequest } from "./catalog-request.ts";
import type { Diagnostic } from "./check.ts";
import type { EngineReport } from "./engine.ts";
import type { RunEvent } from "./events.ts";
import type { WorkspaceFiles } from "./files.ts";
import type { Limits } from "./limits.ts";
import type { ArgumentPredicate } from "./policy.ts";
import type {
  GrantsRequest,
  OpenQuestion,
  OpenQuestions,
  PendingRequest,
  QuestionsRequest,
  RevokeRequest,
  StandingGrant,
  WaitingRun,
} from "./questions.ts";
import type { RunDocument, RunStatus } from "./run.ts";
import type { SearchAnswer, SearchRequest } from "./search.ts";
import type { SavedSnippets } from "./snippets.ts";
import type { SourceStatus } from "./source.ts";
import type { Catalog, ToolIssue } from "./tool.ts";
import type { ExactJson, Json, Value } from "./value.ts";

export interface ExecuteRequest {
  /** The snippet as the model wrote it: function body, async arrow, `export default`, fenced, or an expression. */
  readonly code: string;
  /** Default `local`. */
  readonly principal?: string;
  /** Which client of the principal asks, from the widest to the narrowest; what runs wait for is shared out fairly. */
  readonly client?: readonly string[] | undefined;
  /** Limits of this run; each may only be lower than the configured one. */
  readonly limits?: Partial<Limits>;
  /** Reads happen and writes are listed: the first whose result is needed ends the run. Not recorded. Default false. */
  readonly dryRun?: boolean;
  /**
   * Answers as soon as the run is on record, with status `running`; the run goes on by itself, and `resume` waits for it.
   * `signal` counts until then only; closing leaves the run as it stands, for `recover` or `resume`. Default false.
   */
  readonly detach?: boolean;
  /** Cancels the run and its upstream calls. */
  readonly signal?: AbortSignal;
  /** Called for every event of the run, in order. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Called with what a source answers, as it came; not for what only a record answers. */
  readonly onAnswer?: (answer: SourceAnswer) => void;
  /** Answers `codemode.ask` in this run, where no model is configured. */
  readonly ask?: AskModel;
  /** Puts what a source asks in the middle of a call to the person at the client. Default: such a question is declined. */
  readonly askPerson?: AskPerson;
  readonly traceparent?: string;
  /** The result beside the text instead of in it, where it fits the budget as it is. Default false. */
  readonly structured?: boolean;
}

export interface SourceAnswer {
  readonly seq: number;
  /** `github.issues.create`; `resources.read` and `prompts.get` for what a source has besides tools. */
  readonly path: string;
  /** Holds bytes as bytes. */
  readonly value: Value;
}

export interface ResumeRequest
  extends Omit<ExecuteRequest, "code" | "limits" | "dryRun" | "detach">, Pick<ApprovalAnswer, "pin"> {
  readonly runId: string;
  /** Sources of the run that are meant to be other ones by now. For a person's word, with their `pin`; never a model's. */
  readonly acceptSources?: readonly string[];
}

export interface ApprovalAnswer {
  readonly runId: string;
  readonly principal?: string;
  /** One call; all that are pending unless given. */
  readonly seq?: number;
  /** The one question that was shown: nothing is answered where another is open by now. */
  readonly binding?: string;
  readonly approve: boolean;
  /** Told to the model when it is a rejection. */
  readonly comment?: string;
  /** What the call is answered with: the result of a call in doubt that happened, or the input asked for. */
  readonly value?: ExactJson;
  /** Covers later calls of the same tool as well. Only with `approve: true`. */
  readonly scope?: ApprovalScope;
  /** Ends the run as `rejected` instead of throwing in the snippet. Only with `approve: false`. */
  readonly stop?: boolean;
  /**
   * A call in doubt did not happen and is sent again; without it, `approve: false` has it left undone and the snippet
   * told. Only with `approve: false`, and never answers anything but calls in doubt.
   */
  readonly resend?: boolean;
  /** The code that only the person has, where one is configured. */
  readonly pin?: string;
}

/** How much one approval covers besides the call it answers: later calls of the same tool. */
export interface ApprovalScope {
  /** The rest of this run, or this many milliseconds in every run of the principal; at most 30 days. */
  readonly for: "run" | number;
  /** What their arguments must fit, by JSON pointer, in the words of a policy rule. Default: any. */
  readonly match?: { readonly [pointer: string]: ArgumentPredicate };
}

export interface RunsRequest {
  readonly principal?: string;
  readonly status?: readonly RunStatus[];
  /** Runs begun before this one. */
  readonly before?: string;
  /** Default 50. */
  readonly limit?: number;
}

export interface RunSummary {
  readonly runId: string;
  readonly status: RunStatus;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** First line of the snippet. */
  readonly title: string;
}

export interface ShowRequest {
  readonly runId: string;
  readonly principal?: string;
  /** With the document's `timeline`: calls, questions, answers and outcomes, each cut to 2,000 characters. Default false. */
  readonly timeline?: boolean;
  /** With one call whole, as the document's `call`. Throws `usage` for one that the run has not made. */
  readonly seq?: number;
}

/** A paused run and its open questions. */
export interface PendingRun extends RunSummary {
  /** Why what it asks cannot be shown; it has no questions then. */
  readonly fault?: { readonly code: string; readonly message: string };
  readonly questions: readonly OpenQuestion[];
  /** For a person: its first questions, what was done so far, and the program. */
  readonly text: string;
  /** How many questions are open in all. */
  readonly total: number;
}

/** What `execute` answers: the run document for programs, and the one text for the model. */
export interface Execution {
  readonly document: RunDocument;
  /** The result, logs, error and writes as budgeted text; what an MCP client's model reads. */
  readonly text: string;
  /** What the text leaves out, as it was asked for. */
  readonly structured?: Pick<RunDocument, "exact" | "inexact"> & { readonly result: Json };
  /** o200k tokens of the run's budget that are left for links to its files. Absent where it has left none. */
  readonly spareTokens?: number;
}

export interface SourceOverview {
  readonly name: string;
  readonly kind: string;
  readonly status: SourceStatus;
  /** Number of usable tools, of the last listing known. */
  readonly tools: number;
  /** The listing is from an earlier start and not yet confirmed by the source. */
  readonly kept: boolean;
  readonly title?: string;
  readonly issues: readonly ToolIssue[];
}

/** `Tools` are the types of what `tools` has: inferred from function sources, or what `codemode types --out` wrote. */
export interface Codemode<Tools = unknown> extends AsyncDisposable {
  /**
   * `tools.<source>.<name>(args)`: one call as a run of its own, answered by its result. Throws the run's error,
   * and `run_paused` when a person is asked (`data.runId`; `resume` goes on).
   */
  readonly tools: Tools;
  /** The catalog as it is known now: listings kept from an earlier start count. `troubles` says what is missing, and why. */
  catalog(options?: CatalogRequest): Promise<Catalog>;
  /** Every source, its state and its number of tools. */
  sources(): readonly SourceOverview[];
  /** Calls back when the catalog's version or a source's state has changed. */
  onChange(listener: () => void): Disposable;
  search(request: SearchRequest): Promise<SearchAnswer>;
  /** The same answer as text for a model, within its token budget. */
  searchText(request: SearchRequest): Promise<string>;
  /** The sources with a phrase each, within a token budget: what a server's instructions say. Never waits. */
  overview(options?: { readonly tokens?: number }): string;
  /**
   * Every tool with its signature, when all fit the budget (default 1,200 tokens): a fleet so small that it
   * needs no search. Never waits.
   */
  inline(options?: { readonly tokens?: number }): string | undefined;
  /** Full text on one source, group (`github.repos`), tool, named type or saved snippet. Throws `tool_not_found`. */
  describe(path: string, request?: { readonly principal?: string }): Promise<string>;
  /** Complete declarations, compilable alone; of everything, or below one path. Throws `tool_not_found`. */
  types(path?: string): Promise<string>;
  /** Type-checks a snippet without running it. */
  check(code: string): Promise<readonly Diagnostic[]>;
  /** Runs a snippet. Throws only for mistakes of the caller; a failed run is data. */
  execute(request: ExecuteRequest): Promise<Execution>;
  /** Continues a run whose questions were answered or whose host died; waits for one that goes on elsewhere. Throws `run_not_found`. */
  resume(request: ResumeRequest): Promise<Execution>;
  /** What a paused run asks, ready to be put to a person. Throws `run_not_found`. */
  questions(request: QuestionsRequest): Promise<OpenQuestions>;
  /** Answers what a paused run asked; continuing is `resume`'s. Throws `run_not_found`, `approval_not_pending` and `pin_*`. */
  answer(request: ApprovalAnswer): Promise<number>;
  /** Paused runs with what they ask, newest first, page by page. */
  pending(request?: PendingRequest): Promise<readonly PendingRun[]>;
  /** Approvals that cover more than their own call and still stand, newest first. */
  grants(request?: GrantsRequest): Promise<readonly StandingGrant[]>;
  /** Takes one back: what it covered is asked about again. Throws `grant_not_found`. */
  revoke(request: RevokeRequest): Promise<void>;
  /** Calls back when a run of this process begins to wait for a person. */
  onWaiting(listener: (run: WaitingRun) => void): Disposable;
  /** Ends a run for good, whoever holds it. One that has ended stays as it is. Throws `run_not_found`. */
  cancel(request: { readonly runId: string; readonly principal?: string }): Promise<RunDocument>;
  /** Programs kept under a name; a snippet runs one by `codemode.run(name, input)`. */
  readonly snippets: SavedSnippets;
  /** What runs of a principal have written, and what was too large for a model's context. */
  readonly files: WorkspaceFiles;
  /**
   * Undoes the writes of an ended run, the last one first, as a run of its own: the policy is asked, and what is
   * undone is never undone again. Throws `run_not_found` and `run_not_ended`; fails with `rollback_incomplete`.
   */
  rollback(request: ResumeRequest): Promise<Execution>;
  /** Continues what an earlier host left unfinished; the number of runs. For servers, once at start. */
  recover(): Promise<number>;
  /**
   * Runs a kept run again against its record alone: nothing is sent and nothing written, no source is asked.
   * Throws `run_not_found`, `run_unresumable` on another engine or where answers are not kept, and `run_diverged`.
   */
  replay(request: Omit<ResumeRequest, "onEvent" | "traceparent">): Promise<Execution>;
  /** Removes ended runs past the retention; the number of runs. For servers, at start and from time to time. */
  prune(): Promise<number>;
  /** A run as it stands; with `timeline`, also what happened in it and when. Throws `run_not_found`. */
  show(request: ShowRequest): Promise<RunDocument>;
  /** Newest first. */
  runs(request?: RunsRequest): Promise<readonly RunSummary[]>;
  /** One tool call as a run of its own, through the same dispatch. */
  call(path: string, args: Value, options?: Omit<ExecuteRequest, "code">): Promise<Execution>;
  /** Boots the engine and says what it found. */
  engine(): Promise<EngineReport>;
  /** Ends runs, closes sources and engine. */
  close(): Promise<void>;
}
