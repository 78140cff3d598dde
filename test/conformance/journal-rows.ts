/**
 * Rows of a journal for tests, with all that a test does not care about filled in.
 */
import { randomUUID } from "node:crypto";
import type { CallRow, RunOrigin } from "../../src/spec/journal.ts";

export function aRun(rest: Partial<RunOrigin> = {}): RunOrigin {
  return {
    runId: `run_${randomUUID()}`,
    principal: "local",
    code: "return 1",
    codeHash: "hash",
    catalogVersion: "v",
    policyVersion: "p",
    seed: "s",
    engine: "workerd",
    limits: "{}",
    startedAt: 1,
    ...rest,
  };
}

export function aCall(seq: number, rest: Partial<CallRow> = {}): CallRow {
  return {
    seq,
    kind: "tool",
    path: "s.t",
    argsHash: "h",
    args: "{}",
    effect: "write",
    state: "intent",
    issuedAt: seq,
    labels: [],
    ...rest,
  };
}
