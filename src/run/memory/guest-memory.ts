/**
 * What one guest has under way, against the memory of the host: beyond the budget the guest is not heard until something
 * of it, or of another's, is dealt with.
 */
import type { EngineSession } from "../../spec/engine.ts";
import type { HostMemory, MemoryShare } from "./host-memory.ts";

/** A call's arguments are held as values and as the text of the journal. */
const heldPerChar = 2;

export class GuestMemory implements Disposable {
  readonly #share: MemoryShare;
  readonly #watching: Disposable;
  /** By call. */
  readonly #bytes = new Map<number, number>();
  readonly #mustHear: () => boolean;
  #session: Pick<EngineSession, "listen"> | undefined;
  #listening = true;

  /** `mustHear`: nothing of what is under way can be dealt with before the guest has said more. */
  constructor(memory: HostMemory, mustHear: () => boolean) {
    this.#share = memory.share();
    this.#mustHear = mustHear;
    this.#watching = memory.onRoom(() => this.#look());
  }

  attach(session: Pick<EngineSession, "listen">): void {
    this.#session = session;
  }

  issued(seq: number, chars: number): void {
    const bytes = chars * heldPerChar;
    this.#bytes.set(seq, bytes);
    this.#share.take(bytes);
    this.#look();
  }

  /** It has been delivered, or its question is in the journal. */
  dealtWith(seq: number): void {
    const bytes = this.#bytes.get(seq) ?? 0;
    this.#bytes.delete(seq);
    this.#share.give(bytes);
  }

  [Symbol.dispose](): void {
    this.#session = undefined;
    this.#watching[Symbol.dispose]();
    this.#share[Symbol.dispose]();
  }

  #look(): void {
    if (this.#session === undefined) return;
    const on = this.#mustHear() || this.#share.hasRoom();
    if (on === this.#listening) return;
    this.#listening = on;
    this.#session.listen(on);
  }
}
