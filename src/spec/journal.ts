/**
 * The contract of a run store: asynchronous, commits in batches, hands out leases with a fencing number that
 * every write carries, and tells watchers of changes. One store may serve many hosts.
 *
 * Values are kept as the bridge's encoded text, so that a replay delivers byte for byte what was delivered.
 */
import type { CallOutcome } from "../call-error.ts";
import type { RunStatus } from "./run.ts";
import type { Effect } from "./tool.ts";
import type { Decision } from "./policy.ts";

/** What pins a run: all that its replay and its audit need. Never changes after creation. */
export interface RunOrigin {
  readonly runId: string;
  readonly principal: string;
  readonly code: string;
  /** SHA-256 (hex) of `code`. */
  readonly codeHash: string;
  readonly catalogVersion: string;
  readonly policyVersion: string;
  readonly seed: string;
  readonly engine: string;
  /** JSON of the run's limits. */
  readonly limits: string;
  /** Epoch milliseconds: what the guest's clock shows first. */
  readonly startedAt: number;
  /** Version of the replay rules that the run was begun with; absent for runs of before there were any, which is 1. */
  readonly rules?: number;
  /** Path of the configuration it was begun with: a way for a command to find it, and no more than that. */
  readonly config?: string;
  /** JSON of the identities of the sources that the run has used so far, and of those its program named at the beginning. */
  readonly sources?: string;
}

export interface RunRow extends RunOrigin {
  readonly status: RunStatus;
  /** JSON of the result, error and timings, once there are any. */
  readonly outcome?: string;
  readonly updatedAt: number;
}

export type CallState = "intent" | "started" | "done" | "error" | "in_doubt" | "denied";

export interface CallRow {
  readonly seq: number;
  readonly kind: "tool" | "builtin" | "timer";
  readonly path: string;
  /** Canonical hash of the arguments. */
  readonly argsHash: string;
  /** Encoded arguments. */
  readonly args: string;
  /** Only in what is written: `args` is empty here, and stays in the store as it is. */
  readonly argsKept?: true;
  readonly effect?: Effect;
  /** Hash of the tool's definition at the time. */
  readonly definition?: string;
  readonly decision?: Decision;
  readonly reason?: string;
  readonly idempotencyKey?: string;
  readonly state: CallState;
  /** What became of a call that failed; absent for one that did not, and in rows of before this was kept. */
  readonly failure?: CallOutcome;
  /** Encoded value or error; absent until there is one, and where only its hash is kept. */
  readonly outcome?: string;
  /** SHA-256 (hex) of an outcome that is not kept: that of a read which is made again when the run is resumed. */
  readonly outcomeHash?: string;
  /** Place in the order of deliveries, from 1; absent until delivered. */
  readonly delivered?: number;
  /** The guest's clock at the delivery. */
  readonly now?: number;
  readonly issuedAt: number;
  /** When it was last sent; after the answer of whoever said that it should be sent again. */
  readonly sentAt?: number;
  readonly settledAt?: number;
  readonly labels: readonly string[];
}

/** Of a call in doubt: `approved`, it has happened; `rejected`, it has not and is sent again; `dropped`, it is left undone. */
export type ApprovalState = "pending" | "approved" | "rejected" | "dropped" | "expired";

/** A person's answer to one `ask`, bound to the exact arguments. */
export interface ApprovalRow {
  readonly runId: string;
  readonly seq: number;
  readonly kind: "approval" | "in_doubt" | "input";
  readonly path: string;
  readonly argsHash: string;
  readonly state: ApprovalState;
  readonly askedAt: number;
  readonly expiresAt: number;
  readonly answeredAt?: number;
  /** For the model: why it was rejected; for `in_doubt`, the encoded result a person states. */
  readonly comment?: string;
  /** Set when the approval covers later calls of the same tool too: of this run, or of every run for a while. */
  readonly grantScope?: "run" | "while";
  /** Epoch milliseconds when a grant for a while ends. */
  readonly grantUntil?: number;
  /** JSON of the argument predicates that later calls must fit. */
  readonly grantMatch?: string;
  /** Names the tool's effect and definition at the time; a tool that has changed since is not covered. */
  readonly grantDefinition?: string;
  /** Epoch milliseconds since when it covers no more than its own call. */
  readonly revokedAt?: number;
  /** Why an earlier approval of the same call did not count, so that it is asked about again. */
  readonly refused?: string;
}

/** A call that an earlier approval may cover, or all such approvals that stand. */
export interface GrantQuery {
  readonly principal: string;
  /** Of those for a run, only this one's. Default: of every run that has not ended. */
  readonly runId?: string;
  /** Default: of every tool. */
  readonly path?: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** One approval that covers more than its own call. */
export interface GrantName {
  readonly principal: string;
  readonly runId: string;
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface Lease {
  readonly runId: string;
  readonly owner: string;
  /** Grows with every claim; a write with an older one is refused. */
  readonly fence: number;
}

export interface Batch {
  readonly status?: RunStatus;
  readonly outcome?: string;
  /** Replaces the identities of the sources used so far. */
  readonly sources?: string;
  readonly calls?: readonly CallRow[];
  readonly approvals?: readonly ApprovalRow[];
  /** Waits until the batch is on disk. */
  readonly durable: boolean;
}

export interface RunFilter {
  readonly principal: string;
  readonly status?: readonly RunStatus[];
  /** Only what a person may owe an answer: paused runs, and ended ones with a write in doubt. */
  readonly waiting?: boolean;
  readonly before?: string;
  readonly limit?: number;
}

export interface Retention {
  readonly maxAgeMs?: number;
  readonly maxRuns?: number;
  readonly maxBytes?: number;
  /** Age after which a run goes although a write of it is still in doubt. Default: it never does. */
  readonly maxDoubtMs?: number;
}

export type CallArguments = Pick<CallRow, "seq" | "args">;

export interface Journal extends AsyncDisposable {
  /** Writes the run's origin, status `queued`, held by `owner`; on disk with the next durable batch at the latest. */
  create(origin: RunOrigin, owner: string, ttlMs: number): Promise<Lease>;
  /** The lease, unless another living owner holds it. */
  claim(runId: string, owner: string, ttlMs: number): Promise<Lease | undefined>;
  /** The lease, taken from whoever holds it; nothing for a run that has ended. For cancelling. */
  seize(runId: string, owner: string, ttlMs: number): Promise<Lease | undefined>;
  renew(lease: Lease, ttlMs: number): Promise<boolean>;
  release(lease: Lease): Promise<void>;
  /**
   * Inserts or replaces rows in one transaction. An approval that was answered stays as it is, but for a call
   * in doubt that was to be sent again, and for one that was approved and is asked about again, later, with `refused`:
   * these may be asked again. Throws `lease_lost` when the fence is old.
   */
  commit(lease: Lease, batch: Batch): Promise<void>;
  run(principal: string, runId: string): Promise<RunRow | undefined>;
  calls(runId: string): Promise<readonly CallRow[]>;
  /** The encoded arguments of these calls alone. */
  callArguments(runId: string, seqs: readonly number[]): Promise<readonly CallArguments[]>;
  approvals(runId: string): Promise<readonly ApprovalRow[]>;
  /** Newest first, without their outcomes: those may be large. */
  runs(filter: RunFilter): Promise<readonly RunRow[]>;
  /** Compare-and-set on a pending approval, asked at that time; true for the one caller whose answer counts. */
  answer(row: ApprovalRow): Promise<boolean>;
  /** Approvals of a principal that cover more than their own call, have not run out and are not revoked; newest first. */
  grants(query: GrantQuery): Promise<readonly ApprovalRow[]>;
  /** True for the one caller whose revoking counts; what is covered after it is asked about again. */
  revoke(grant: GrantName): Promise<boolean>;
  /** Runs that nobody holds and that have not ended; what a start has to settle. */
  unfinished(): Promise<readonly RunRow[]>;
  /** Calls back after changes of a run, from this host or another. */
  watch(runId: string, listener: () => void): Disposable;
  /** Writes something and takes it away again, for whoever wants to know whether the store works. */
  probe(): Promise<void>;
  /** Removes ended runs past the retention; never what is paused, nor before its time what is in doubt. */
  prune(retention: Retention, now: number): Promise<number>;
}
