/**
 * What every run of one `createCodemode()` shares, passed to whatever begins or continues a run.
 */
import type { AskModel } from "../spec/ask.ts";
import type { WaitingRun } from "../spec/questions.ts";
import type { Checker, Declarations } from "../spec/check.ts";
import type { Engine } from "../spec/engine.ts";
import type { Journal } from "../spec/journal.ts";
import type { FileLimits } from "../spec/files.ts";
import type { Limits } from "../spec/limits.ts";
import type { Policy } from "../spec/policy.ts";
import type { IdempotencyRule, Source } from "../spec/source.ts";
import type { Catalog, CatalogSource, ConfirmOptions, Tool } from "../spec/tool.ts";
import type { Value } from "../spec/value.ts";
import type { WorkspaceStore } from "../spec/workspace.ts";
import type { Builtins } from "./call-builtin.ts";
import type { UndoRule } from "./source-rules.ts";
import type { CheckMode } from "./check-snippet.ts";
import type { Admission } from "./memory/admit-run.ts";
import type { HostMemory } from "./memory/host-memory.ts";
import type { ModuleLibrary } from "./module-library.ts";

export interface ExecuteContext {
  readonly engine: Engine;
  readonly checker?: Checker;
  readonly check: CheckMode;
  readonly policy: Policy;
  /** Names the policy in a run's record. */
  readonly policyVersion: string;
  /** Path of the configuration, for the record of a run. */
  readonly config?: string | undefined;
  readonly limits: Limits;
  /** What the host holds for all runs. */
  readonly memory: HostMemory;
  /** Runs begin and go on as there is memory for them. */
  readonly admission: Admission;
  readonly journal: Journal;
  /** State, saved snippets and files. */
  readonly workspaces: WorkspaceStore;
  readonly fileLimits: FileLimits;
  /** Answers `codemode.ask`; absent: whoever began the run may. */
  readonly ask: AskModel | undefined;
  /** Milliseconds a question to a person stays open. */
  readonly approvalMs: number;
  /** Words that tell a user how a run is answered, such as a command. */
  readonly answerWith?: (runId: string) => string;
  /** Told when a run begins to wait for a person. */
  readonly waits: (run: WaitingRun) => void;
  /** Whether a write of which nobody knows whether it happened is put to a person, or told to the program. */
  readonly inDoubt: "ask" | "tell";
  /** Milliseconds after which a host that has not renewed its lease of a run counts as dead. */
  readonly leaseMs: number;
  /** What an operator should know of, for a log. */
  readonly warn: (message: string, details: { readonly [name: string]: string }) => void;
  /** Waits for sources that are starting where `wanted` wants them. Default: for all. */
  readonly catalog: (
    signal: AbortSignal | undefined,
    wanted?: (source: string) => boolean,
  ) => Promise<Catalog>;
  /** The tool as its source says it is now; nothing where it has it no more. Throws `source_unavailable`. */
  readonly confirm: (tool: Tool, options: ConfirmOptions) => Promise<Tool | undefined>;
  readonly declarations: (source: CatalogSource) => Declarations;
  readonly source: (name: string) => Source | undefined;
  /** Why a configured source offers nothing: `starting`, or `down` and what would help. */
  readonly whyMissing: (source: string) => string | undefined;
  /** Where the upstream takes a key by which it recognises a repetition; nothing for reads. */
  readonly idempotency: (tool: Tool) => IdempotencyRule | undefined;
  /** Whether of what a call of this tool answers only a hash is kept. */
  readonly reexecutes: (tool: Tool) => boolean;
  /** What the operator says undoes a call of this tool. */
  readonly undoOf: (tool: Tool) => UndoRule | undefined;
  readonly validate: (tool: Tool, args: Value) => void;
  readonly builtins: Builtins;
  /** What snippets may import. */
  readonly library: ModuleLibrary;
  readonly answered: (tool: Tool, value: Value, principal: string) => void;
}
