/**
 * The journal in this process's memory, for programs that embed the product and need no run to outlive them.
 */
import { CodemodeError } from "../../errors.ts";
import { createLeaseClock } from "../lease-clock.ts";
import { LeaseWatch } from "../lease-watch.ts";
import type {
  ApprovalRow,
  CallRow,
  GrantQuery,
  Journal,
  Lease,
  Retention,
  RunRow,
} from "../../spec/journal.ts";

interface StoredRun {
  row: RunRow;
  readonly calls: Map<number, CallRow>;
  /** By call and kind. */
  readonly approvals: Map<string, ApprovalRow>;
  owner?: string;
  fence: number;
  renewedAt: number;
  leaseMs: number;
}

/** What several journals of one process may share. */
export interface MemoryStore {
  readonly runs: Map<string, StoredRun>;
  readonly watchers: Map<string, Set<() => void>>;
}

export function createMemoryStore(): MemoryStore {
  return { runs: new Map(), watchers: new Map() };
}

const ended = new Set(["completed", "failed", "rejected", "cancelled"]);

/** Keeps at most `most` runs, by default 1,000: the oldest that have ended go first. */
export function createMemoryJournal(store: MemoryStore = createMemoryStore(), most = 1_000): Journal {
  const { runs, watchers } = store;
  const tell = (runId: string): void => {
    for (const listener of watchers.get(runId) ?? []) listener();
  };
  const holds = ({ runId, owner, fence }: Lease): StoredRun | undefined => {
    const run = runs.get(runId);
    return run?.owner === owner && run.fence === fence ? run : undefined;
  };
  /** Several journals of one process share its clock. */
  const clock = "process";
  const leases = new LeaseWatch({ ...createLeaseClock(), name: clock });
  const hold = (run: StoredRun, owner: string, ttlMs: number): void =>
    void Object.assign(run, { owner, renewedAt: leases.clock.now(), leaseMs: ttlMs });
  const free = ({ row, owner, fence, renewedAt, leaseMs: ttlMs }: StoredRun): boolean =>
    owner === undefined || leases.isOver(row.runId, { owner, fence, renewedAt, ttlMs, clock });
  const isOpen = ({ state, expiresAt }: ApprovalRow): boolean =>
    state === "pending" && expiresAt > Date.now();
  /** Whether somebody should go on with it: a paused run once nothing of what it asked is open any more. */
  const isDue = ({ row: { status }, approvals }: StoredRun): boolean =>
    status === "queued" ||
    status === "running" ||
    (status === "paused" && ![...approvals.values()].some(isOpen));

  return {
    async create(origin, owner, ttlMs) {
      if (runs.has(origin.runId))
        throw new CodemodeError("internal", `There is already a run ${origin.runId}.`);
      const row: RunRow = { ...origin, status: "queued", updatedAt: Date.now() };
      runs.set(origin.runId, {
        row,
        calls: new Map(),
        approvals: new Map(),
        owner,
        fence: 1,
        renewedAt: leases.clock.now(),
        leaseMs: ttlMs,
      });
      if (runs.size > most) forgetOldest(runs);
      return { runId: origin.runId, owner, fence: 1 };
    },
    async claim(runId, owner, ttlMs) {
      const run = runs.get(runId);
      if (run === undefined || !(free(run) || run.owner === owner)) return undefined;
      run.fence += 1;
      hold(run, owner, ttlMs);
      return { runId, owner, fence: run.fence };
    },
    async seize(runId, owner, ttlMs) {
      const run = runs.get(runId);
      if (run === undefined || ended.has(run.row.status)) return undefined;
      run.fence += 1;
      hold(run, owner, ttlMs);
      tell(runId);
      return { runId, owner, fence: run.fence };
    },
    async renew(lease, ttlMs) {
      const run = holds(lease);
      if (run !== undefined) hold(run, lease.owner, ttlMs);
      return run !== undefined;
    },
    async release(lease) {
      const run = holds(lease);
      if (run === undefined) return;
      delete run.owner;
    },
    async commit(lease, { calls = [], approvals = [], status, outcome, sources }) {
      const run = holds(lease);
      if (run === undefined)
        throw new CodemodeError("lease_lost", `Another host has taken over the run ${lease.runId}.`, {
          hint: "Wait for it there; nothing was written here.",
        });
      for (const call of calls) run.calls.set(call.seq, withKept(call, run.calls.get(call.seq)));
      for (const approval of approvals)
        if (mayAsk(approval, run.approvals.get(approvalKey(approval))))
          run.approvals.set(approvalKey(approval), approval);
      run.row = {
        ...run.row,
        updatedAt: Date.now(),
        ...(status === undefined ? {} : { status }),
        ...(outcome === undefined ? {} : { outcome }),
        ...(sources === undefined ? {} : { sources }),
      };
      tell(lease.runId);
    },
    async run(principal, runId) {
      const run = runs.get(runId);
      return run?.row.principal === principal ? run.row : undefined;
    },
    async calls(runId) {
      return bySeq(runs.get(runId)?.calls.values());
    },
    async callArguments(runId, seqs) {
      const kept = runs.get(runId)?.calls;
      return seqs.flatMap((seq) => {
        const args = kept?.get(seq)?.args;
        return args === undefined ? [] : [{ seq, args }];
      });
    },
    async approvals(runId) {
      return bySeq(runs.get(runId)?.approvals.values());
    },
    async runs({ principal, status, waiting = false, before, limit = 50 }) {
      const newest = newestFirst(runs)
        .filter(
          (run) => !waiting || run.row.status === "paused" || (ended.has(run.row.status) && isDoubtful(run)),
        )
        .map(({ row }) => withoutOutcome(row));
      const from = before === undefined ? 0 : newest.findIndex(({ runId }) => runId === before) + 1;
      return (before !== undefined && from === 0 ? [] : newest.slice(from))
        .filter((row) => row.principal === principal && (status?.includes(row.status) ?? true))
        .slice(0, limit);
    },
    async answer(answer) {
      const run = runs.get(answer.runId);
      const asked = run?.approvals.get(approvalKey(answer));
      if (
        run === undefined ||
        asked?.state !== "pending" ||
        asked.argsHash !== answer.argsHash ||
        asked.askedAt !== answer.askedAt ||
        asked.expiresAt <= Date.now()
      )
        return false;
      run.approvals.set(approvalKey(answer), {
        ...asked,
        state: answer.state,
        answeredAt: Math.max(Date.now(), asked.askedAt),
        ...(answer.comment === undefined ? {} : { comment: answer.comment }),
        ...grantOf(answer),
      });
      tell(answer.runId);
      return true;
    },
    async grants(query) {
      return [...runs.values()]
        .filter((run) => run.row.principal === query.principal)
        .flatMap((run) => [...run.approvals.values()].filter((each) => covers(each, run.row, query)))
        .sort((a, b) => (b.answeredAt ?? 0) - (a.answeredAt ?? 0));
    },
    async revoke({ principal, runId, seq, now }) {
      const run = runs.get(runId);
      const key = `${seq} approval`;
      const given = run?.approvals.get(key);
      if (run?.row.principal !== principal || given?.grantScope === undefined) return false;
      if (given.revokedAt !== undefined) return false;
      run.approvals.set(key, { ...given, revokedAt: now });
      return true;
    },
    async unfinished() {
      return [...runs.values()].filter((run) => isDue(run) && free(run)).map((run) => run.row);
    },
    watch(runId, listener) {
      const listeners = watchers.get(runId) ?? new Set();
      watchers.set(runId, listeners.add(listener));
      return {
        [Symbol.dispose]: () => {
          listeners.delete(listener);
          if (listeners.size === 0) watchers.delete(runId);
        },
      };
    },
    probe: () => Promise.resolve(),
    async prune(retention, now) {
      const doomed = pastRetention(newestFirst(runs), retention, now);
      for (const { row } of doomed) runs.delete(row.runId);
      return doomed.length;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function pastRetention(
  newest: readonly StoredRun[],
  { maxAgeMs = Infinity, maxRuns = Infinity, maxBytes = Infinity, maxDoubtMs = Infinity }: Retention,
  now: number,
): readonly StoredRun[] {
  let bytes = 0;
  return newest.filter((run, at) => {
    bytes += sizeOf(run);
    const past = now - run.row.updatedAt > maxAgeMs || at >= maxRuns || bytes > maxBytes;
    return past && (isOver(run) || (ended.has(run.row.status) && now - run.row.updatedAt > maxDoubtMs));
  });
}

function forgetOldest(runs: MemoryStore["runs"]): void {
  for (const [runId, run] of runs) if (isOver(run)) return void runs.delete(runId);
}

/** It has ended and nobody need be asked about it. */
function isOver(run: StoredRun): boolean {
  return ended.has(run.row.status) && !isDoubtful(run);
}

function isDoubtful({ calls }: StoredRun): boolean {
  return [...calls.values()].some((call) => call.state === "in_doubt");
}

function sizeOf({ row, calls }: StoredRun): number {
  let bytes = row.code.length + (row.outcome?.length ?? 0);
  for (const call of calls.values()) bytes += call.args.length + (call.outcome?.length ?? 0);
  return bytes;
}

function newestFirst(runs: ReadonlyMap<string, StoredRun>): StoredRun[] {
  return [...runs.values()].sort(
    (a, b) => b.row.startedAt - a.row.startedAt || (a.row.runId < b.row.runId ? 1 : -1),
  );
}

function withoutOutcome(row: RunRow): RunRow {
  const listed = { ...row };
  delete listed.outcome;
  return listed;
}

/**
 * An answer stands, but for "it did not happen": the call was sent again since, and may be in doubt again; and but for an
 * approval that was refused where it should have counted.
 */
function mayAsk(asked: ApprovalRow, answered: ApprovalRow | undefined): boolean {
  if (answered === undefined) return true;
  if (asked.state !== "pending") return false;
  if (asked.kind === "in_doubt" && answered.state === "rejected") return true;
  return (
    answered.state === "approved" &&
    asked.refused !== undefined &&
    asked.askedAt > (answered.answeredAt ?? Infinity)
  );
}

function covers(row: ApprovalRow, { status }: RunRow, { runId, path, now }: GrantQuery): boolean {
  if (row.kind !== "approval" || row.state !== "approved" || row.revokedAt !== undefined) return false;
  if (path !== undefined && row.path !== path) return false;
  if (row.grantScope === "run") return runId === undefined ? !ended.has(status) : row.runId === runId;
  return row.grantScope === "while" && (row.grantUntil ?? 0) > now;
}

function grantOf({ grantScope, grantUntil, grantMatch, grantDefinition }: ApprovalRow): Partial<ApprovalRow> {
  return {
    ...(grantScope === undefined ? {} : { grantScope }),
    ...(grantUntil === undefined ? {} : { grantUntil }),
    ...(grantMatch === undefined ? {} : { grantMatch }),
    ...(grantDefinition === undefined ? {} : { grantDefinition }),
  };
}

function withKept({ argsKept, ...call }: CallRow, before: CallRow | undefined): CallRow {
  return argsKept === true ? { ...call, args: before?.args ?? "" } : call;
}

function approvalKey({ seq, kind }: ApprovalRow): string {
  return `${seq} ${kind}`;
}

function bySeq<T extends { readonly seq: number }>(rows: Iterable<T> = []): T[] {
  return [...rows].sort((a, b) => a.seq - b.seq);
}
