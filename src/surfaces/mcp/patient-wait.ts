/**
 * Waits for a run as long as its client does: a client that gave no progress token gives a request up after a fixed
 * time, so a little earlier the answer says that the run goes on, and by which id it is waited for again. Until then
 * the client's cancelling is the run's.
 */
import type { ServerContext } from "@modelcontextprotocol/server";
import type { Codemode, Execution, RunEvent } from "../../index.ts";

export interface PatientWaitOptions {
  readonly codemode: Codemode;
  readonly context: ServerContext;
  readonly principal?: string | undefined;
  readonly patienceMs: number;
  /** The run, where it is known already. */
  readonly runId?: string | undefined;
  readonly onEvent: (event: RunEvent) => void;
}

export class PatientWait implements Disposable {
  readonly #options: PatientWaitOptions;
  readonly #cancelling = new AbortController();
  readonly #late = Promise.withResolvers<string>();
  readonly #timer: NodeJS.Timeout | undefined;
  #runId: string | undefined;
  #impatient = false;
  #left = false;

  constructor(options: PatientWaitOptions) {
    this.#options = options;
    this.#runId = options.runId;
    const { signal, _meta } = options.context.mcpReq;
    const cancel = (): void => {
      if (!this.#left) this.#cancelling.abort(signal.reason);
    };
    signal.addEventListener("abort", cancel, { once: true });
    if (signal.aborted) cancel();
    if (_meta?.progressToken !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#impatient = true;
      this.#leaveIfLate();
    }, options.patienceMs);
  }

  /** Aborts when the client cancels while it still waits. */
  get signal(): AbortSignal {
    return this.#cancelling.signal;
  }

  readonly event = (event: RunEvent): void => {
    this.#runId ??= event.runId;
    this.#leaveIfLate();
    if (!this.#left) this.#options.onEvent(event);
  };

  /** The run, once it is known by other means than its first event. */
  knows(runId: string): void {
    this.#runId ??= runId;
  }

  /** The request ends without the run: from now on its cancelling says nothing. */
  leave(): void {
    this.#left = true;
  }

  /** The run's end or pause, or that it goes on. */
  async until(work: Promise<Execution>): Promise<Execution> {
    const late = this.#late.promise.then((runId) => this.#goingOn(runId));
    work.catch(() => undefined);
    return Promise.race([work, late]);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  /** A run without an id could not be found again: it is waited for until it has one. */
  #leaveIfLate(): void {
    if (!this.#impatient || this.#left || this.#runId === undefined) return;
    this.#left = true;
    this.#late.resolve(this.#runId);
  }

  async #goingOn(runId: string): Promise<Execution> {
    const { codemode, principal } = this.#options;
    const document = await codemode.show({ runId, ...(principal === undefined ? {} : { principal }) });
    // One that is about to go on, since all that it asked has been answered, is kept as paused until it does.
    const begins =
      document.status === "queued" || (document.status === "paused" && document.pending === undefined);
    return {
      document: begins ? { ...document, status: "running" } : document,
      text: `The run ${runId} goes on. Wait for it with execute({ resume: "${runId}" }); do not send the code again.`,
    };
  }
}
