/**
 * The state of a workspace as one run sees it: reads are repeatable, changes are kept back until the run ends and
 * are then committed in one transaction. Both are rebuilt from the journal when a run is resumed, so that nothing of
 * them has to be kept beside it.
 */
import { Buffer } from "node:buffer";
import { CodemodeError } from "../errors.ts";
import { parseExact } from "../json/parse-exact.ts";
import { printKept } from "../json/print-exact.ts";
import type { CallRow } from "../spec/journal.ts";
import type { Value } from "../spec/value.ts";
import type { KeySize, StateChange, StateLimits, StateStore, Workspace } from "../spec/workspace.ts";
import { readStateCall, type KeptChange } from "./read-state-call.ts";
import { isInForce, replayRules } from "./replay-rules.ts";
import { textToAnswer, textToValue } from "./value-text.ts";

export interface RunStateOptions {
  readonly store: StateStore;
  readonly workspace: Workspace;
  readonly runId: string;
  readonly limits: StateLimits;
  /** What earlier sessions of the run recorded. */
  readonly recorded: readonly CallRow[];
  /** Version of the replay rules that the run was begun with. */
  readonly rules?: number | undefined;
}

export class RunState {
  readonly #options: RunStateOptions;
  readonly #changes = new Map<string, KeptChange>();
  /** What the run first read, by key; `null` for nothing. */
  readonly #read = new Map<string, string | null>();
  #sizes: Promise<Map<string, number>> | undefined;
  /** One after the other, so that changes stand in the order in which the snippet asked for them. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RunStateOptions) {
    this.#options = options;
    for (const call of options.recorded) this.#repeat(call);
  }

  get(key: string): Promise<Value> {
    return this.#inTurn(async () => {
      const change = this.#changes.get(key);
      const text = change === undefined ? await this.#stored(key) : (change.value ?? null);
      return text === null ? undefined : parseExact(text).value;
    });
  }

  /** Throws `state_limit`, and `usage` for `ifUnchanged` on a key that the run has not read. */
  change(key: string, change: KeptChange): Promise<void> {
    return this.#inTurn(async () => {
      if (change.ifUnchanged && !this.#read.has(key)) throw unread(key);
      await this.#refuseTooMuch(key, change);
      this.#changes.set(key, change);
    });
  }

  /** Keys as the run sees them, in the order of their UTF-16 units. */
  list(prefix: string): Promise<KeySize[]> {
    return this.#inTurn(async () =>
      [...(await this.#sizesNow())]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, bytes]) => ({ key, bytes }))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
    );
  }

  /** What is committed when the run ends so. */
  changesAfter(completed: boolean): StateChange[] {
    return [...this.#changes]
      .filter(([, change]) => completed || change.evenIfFailed)
      .map(([key, { value, ifUnchanged }]) => ({
        key,
        ...(value === undefined ? {} : { value }),
        ...(ifUnchanged ? { expected: this.#read.get(key) ?? null } : {}),
      }));
  }

  /** Throws `state_conflict`, `state_limit` and `store_*`; a run's second commit changes nothing. */
  commit(changes: readonly StateChange[]): Promise<void> {
    const { store, workspace, runId, limits } = this.#options;
    return store.commit(workspace, { runId, changes, limits });
  }

  async #stored(key: string): Promise<string | null> {
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const { store, workspace } = this.#options;
    const text = (await store.get(workspace, key)) ?? null;
    this.#read.set(key, text);
    return text;
  }

  async #refuseTooMuch(key: string, { value }: KeptChange): Promise<void> {
    if (value === undefined) return;
    const { totalBytes, keys } = this.#options.limits;
    const sizes = await this.#sizesNow();
    sizes.set(key, Buffer.byteLength(key) + Buffer.byteLength(value));
    const bytes = [...sizes.values()].reduce((sum, each) => sum + each, 0);
    const hint = "Delete what is no longer needed, or keep less of it: a digest, ids, a page.";
    if (bytes > totalBytes)
      throw new CodemodeError(
        "state_limit",
        `The state would have ${bytes} bytes with this value; a workspace may have ${totalBytes}.`,
        { hint },
      );
    if (sizes.size > keys)
      throw new CodemodeError("state_limit", `The state has ${keys} keys, which is as many as it may have.`, {
        hint,
      });
  }

  async #sizesNow(): Promise<Map<string, number>> {
    const { store, workspace } = this.#options;
    this.#sizes ??= store
      .sizes(workspace)
      .then((sizes) => new Map(sizes.map(({ key, bytes }) => [key, bytes])));
    const sizes = new Map(await this.#sizes);
    for (const [key, { value }] of this.#changes) {
      if (value === undefined) sizes.delete(key);
      else sizes.set(key, Buffer.byteLength(key) + Buffer.byteLength(value));
    }
    return sizes;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** The stored text of what was read, which an older version wrote otherwise. */
  #toText(value: Value): string {
    return isInForce(replayRules.exactNumbers, this.#options.rules)
      ? printKept(value)
      : JSON.stringify(value);
  }

  /** A call that was answered in an earlier session has the effect on this one that it had on that. */
  #repeat({ kind, path, args, outcome, delivered }: CallRow): void {
    if (kind !== "builtin" || delivered === undefined || outcome === undefined) return;
    if (!path.startsWith("state.")) return;
    const answer = textToAnswer(outcome);
    if (!answer.ok) return;
    const call = readStateCall(path, textToValue(args) as Value[], this.#options.limits);
    if (call.kind === "change") this.#changes.set(call.key, call.change);
    else if (call.kind === "get" && !this.#changes.has(call.key) && !this.#read.has(call.key))
      this.#read.set(call.key, answer.value === undefined ? null : this.#toText(answer.value));
  }
}

function unread(key: string): CodemodeError {
  const shown = JSON.stringify(key.slice(0, 100));
  return new CodemodeError(
    "usage",
    `ifUnchanged was asked of the key ${shown}, which this run has not read.`,
    {
      hint: `Read it first: const before = await codemode.state.get(${shown}).`,
    },
  );
}
