/**
 * Puts a seal between the product and a store: what a snippet says, sends and receives is encrypted before the
 * store sees it. Everything that a store must search or compare (ids, paths, states, times) stays readable.
 *
 * A whole store is sealed, not the rows of one source: what a snippet reads from one source it can send to
 * another, print or return. Rows written before there was a key stay readable.
 */
import { CodemodeError } from "../../errors.ts";
import type { ApprovalRow, CallRow, Journal, RunOrigin, RunRow } from "../../spec/journal.ts";
import { createSeal, isSealed, type Seal } from "./create-seal.ts";

/** Asked when it is first needed, and again after it has failed. */
export type ReadKey = () => string | Promise<string>;

/** Without a key nothing is sealed. Every method may also reject with `store_key_missing` and `store_key_wrong`. */
export function createSealedJournal(journal: Journal, readKey?: ReadKey): Journal {
  let known: Promise<Seal> | undefined;
  const texts = async (): Promise<Texts> => {
    if (readKey === undefined) return plainTexts;
    known ??= Promise.resolve(readKey()).then(createSeal);
    known.catch(() => (known = undefined));
    return sealedTexts(await known);
  };
  return {
    ...journal,
    create: async (origin, owner, ttlMs) => journal.create(closeOrigin(origin, await texts()), owner, ttlMs),
    commit: async (lease, batch) => {
      const { runId } = lease;
      const { close, closeStable } = await texts();
      const { calls, approvals, outcome, ...rest } = batch;
      return journal.commit(lease, {
        ...rest,
        ...(calls === undefined ? {} : { calls: calls.map((row) => changeCall(runId, row, close)) }),
        ...(approvals === undefined
          ? {}
          : { approvals: approvals.map((row) => changeApproval(row, { text: close, hash: closeStable })) }),
        ...(outcome === undefined ? {} : { outcome: close(outcome, `${runId} outcome`) }),
      });
    },
    run: async (principal, runId) => {
      const { open } = await texts();
      const row = await journal.run(principal, runId);
      return row && openRun(row, open);
    },
    calls: async (runId) => {
      const { open } = await texts();
      return (await journal.calls(runId)).map((row) => changeCall(runId, row, open));
    },
    callArguments: async (runId, seqs) => {
      const { open } = await texts();
      const found = await journal.callArguments(runId, seqs);
      return found.map(({ seq, args }) => ({ seq, args: open(args, `${runId} ${seq} args`) }));
    },
    approvals: async (runId) => {
      const { open } = await texts();
      const rows = await journal.approvals(runId);
      return rows.map((row) => changeApproval(row, { text: open, hash: open }));
    },
    runs: async (filter) => {
      const { open } = await texts();
      return (await journal.runs(filter)).map((row) => openRun(row, open));
    },
    answer: async (row) => {
      const { close, closeStable } = await texts();
      const closed = changeApproval(row, { text: close, hash: closeStable });
      if (await journal.answer(closed)) return true;
      // A question that was asked before there was a key is compared as it stands there.
      return readKey !== undefined && journal.answer({ ...closed, argsHash: row.argsHash });
    },
    grants: async (query) => {
      const { open } = await texts();
      const rows = await journal.grants(query);
      return rows.map((row) => changeApproval(row, { text: open, hash: open }));
    },
    unfinished: async () => {
      const { open } = await texts();
      return (await journal.unfinished()).map((row) => openRun(row, open));
    },
  };
}

/** A text and its place in the store → the text as it is kept, or as it was. */
type Change = (text: string, place: string) => string;

interface Texts {
  readonly close: Change;
  /** The same for the same text, so that the store can compare it. */
  readonly closeStable: Change;
  readonly open: Change;
}

const plainMark = "plain:";

/** A snippet may begin with what looks like a seal; it must not be taken for one. */
function escape(text: string): string {
  return isSealed(text) || text.startsWith(plainMark) ? plainMark + text : text;
}

function unescape(text: string): string {
  return text.startsWith(plainMark) ? text.slice(plainMark.length) : text;
}

const plainTexts: Texts = {
  close: escape,
  closeStable: escape,
  open: (text) => {
    if (!isSealed(text)) return unescape(text);
    throw new CodemodeError("store_key_missing", "The store is encrypted, and no key is given.", {
      hint: 'Name the key it was written with under "store.key".',
    });
  },
};

function sealedTexts(seal: Seal): Texts {
  return {
    close: seal.seal,
    closeStable: seal.sealStable,
    open: (text, place) => (isSealed(text) ? seal.open(text, place) : unescape(text)),
  };
}

function closeOrigin(origin: RunOrigin, { close }: Texts): RunOrigin {
  const { runId, code, codeHash } = origin;
  return { ...origin, code: close(code, `${runId} code`), codeHash: close(codeHash, `${runId} code hash`) };
}

function openRun(row: RunRow, open: Change): RunRow {
  const { runId, code, codeHash, outcome } = row;
  return {
    ...row,
    code: open(code, `${runId} code`),
    codeHash: open(codeHash, `${runId} code hash`),
    ...(outcome === undefined ? {} : { outcome: open(outcome, `${runId} outcome`) }),
  };
}

/** Even a hash tells what was sent, when there is little to guess. */
const callTexts = ["args", "argsHash", "outcome", "outcomeHash", "reason"] as const;

function changeCall(runId: string, row: CallRow, change: Change): CallRow {
  const changed = callTexts.flatMap((name) => {
    const text = row[name];
    return text === undefined ? [] : [[name, change(text, `${runId} ${row.seq} ${name}`)] as const];
  });
  return { ...row, ...Object.fromEntries(changed) };
}

function changeApproval(
  row: ApprovalRow,
  change: { readonly text: Change; readonly hash: Change },
): ApprovalRow {
  const { runId, seq, kind, argsHash, comment, grantMatch, refused } = row;
  const place = `${runId} ${seq} ${kind}`;
  return {
    ...row,
    argsHash: change.hash(argsHash, `${place} hash`),
    ...(comment === undefined ? {} : { comment: change.text(comment, `${place} comment`) }),
    ...(grantMatch === undefined ? {} : { grantMatch: change.text(grantMatch, `${place} match`) }),
    ...(refused === undefined ? {} : { refused: change.text(refused, `${place} refused`) }),
  };
}
