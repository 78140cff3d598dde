/**
 * A run that goes on while its client is asked something: since 2026-07-28 a client is asked by ending its request with
 * `input_required`, so that the run, and the call or question in its middle, must outlive the request. The client's next
 * request finds it again by a state sealed with a key of this process; where the process is another, the record goes on.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { inputRequired, inputResponse } from "@modelcontextprotocol/server";
import type { InputRequiredResult, ServerContext } from "@modelcontextprotocol/server";
import type { Codemode, Execution, RunEvent } from "../../index.ts";
import type { PatientWait } from "./patient-wait.ts";
import { createRequestStateSealer, invalid } from "./request-state.ts";
import type { StateBinding } from "./request-state.ts";

type InputRequest = ReturnType<typeof inputRequired.elicit>;
type InputAnswer = ReturnType<typeof inputResponse>;
export type Outcome = Execution | InputRequiredResult;

interface OpenQuestion {
  readonly request: InputRequest;
  readonly answer: (given: InputAnswer) => void;
}

const prefix = "live.";
const sealer = createRequestStateSealer({ key: randomBytes(32) });
const live = new Map<string, LiveRun>();
/** A client that comes back late still finds what its run has ended with. */
const keptMs = 60_000;

export function isLiveState(state: unknown): state is string {
  return typeof state === "string" && state.startsWith(prefix);
}

export class LiveRun {
  readonly #id = randomUUID();
  readonly #binding: StateBinding;
  readonly #cancelling = new AbortController();
  readonly #open = new Map<string, OpenQuestion>();
  #asked = Promise.withResolvers<"asked">();
  #runId = "";
  #work: Promise<Execution> | undefined;
  #wait: PatientWait;

  constructor(wait: PatientWait, binding: StateBinding) {
    this.#binding = binding;
    this.#wait = wait;
    this.#attach(wait);
  }

  /** Aborts when the client cancels, whichever of its requests. */
  get signal(): AbortSignal {
    return this.#cancelling.signal;
  }

  readonly event = (event: RunEvent): void => {
    this.#runId = event.runId;
    this.#wait.event(event);
  };

  /** Asks the client with the end of its request. Rejects when the signal aborts first. */
  async ask(request: InputRequest, signal: AbortSignal): Promise<InputAnswer> {
    const id = randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<InputAnswer>();
    const giveUp = (): void => reject(new Error("the question is over"));
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) giveUp();
    this.#open.set(id, { request, answer: resolve });
    this.#asked.resolve("asked");
    try {
      return await promise;
    } finally {
      signal.removeEventListener("abort", giveUp);
      this.#open.delete(id);
    }
  }

  /** The run's end, pause or going on; or what the client is asked meanwhile. */
  async outcome(work: Promise<Execution>): Promise<Outcome> {
    this.#work = work;
    work.catch(() => undefined);
    for (;;) {
      const first = await Promise.race([this.#wait.until(work), this.#asked.promise]);
      if (first !== "asked") return first;
      this.#asked = Promise.withResolvers();
      if (this.#open.size > 0) return this.#toInputRequired(work);
    }
  }

  #toInputRequired(work: Promise<Execution>): InputRequiredResult {
    this.#wait.leave();
    live.set(this.#id, this);
    const forget = (): void => void setTimeout(() => live.delete(this.#id), keptMs).unref();
    work.then(forget, forget);
    const open = [...this.#open];
    return inputRequired({
      inputRequests: Object.fromEntries(open.map(([id, { request }]) => [id, request])),
      requestState: `${prefix}${sealer.seal({ runId: this.#runId, bindings: [this.#id, ...open.map(([id]) => id)] }, this.#binding)}`,
    });
  }

  #attach(wait: PatientWait): void {
    this.#wait = wait;
    const cancel = (): void => this.#cancelling.abort(wait.signal.reason);
    wait.signal.addEventListener("abort", cancel, { once: true });
    if (wait.signal.aborted) cancel();
    if (this.#runId !== "") wait.knows(this.#runId);
  }

  /** The client calls again with its answers. Throws `approval_state_invalid`. */
  static async answered(state: string, { context, wait, binding, codemode }: AnsweredLive): Promise<Outcome> {
    const { runId, bindings } = openState(state, binding);
    const [id = "", ...questions] = bindings;
    const run = live.get(id);
    const work = run === undefined ? undefined : run.#work;
    if (run === undefined || work === undefined) {
      const { principal } = binding;
      return wait.until(codemode.resume({ runId, principal, signal: wait.signal }));
    }
    run.#attach(wait);
    for (const each of questions)
      run.#open.get(each)?.answer(inputResponse(context.mcpReq.inputResponses, each));
    // What was answered is open no more once those who asked have heard it.
    await new Promise((resolve) => setImmediate(resolve));
    if (run.#open.size > 0) run.#asked.resolve("asked");
    return run.outcome(work);
  }
}

export interface AnsweredLive {
  readonly context: ServerContext;
  readonly wait: PatientWait;
  readonly binding: StateBinding;
  readonly codemode: Codemode;
}

function openState(state: string, binding: StateBinding): ReturnType<typeof sealer.open> {
  if (!isLiveState(state)) throw invalid("it is none of this server's");
  return sealer.open(state.slice(prefix.length), binding);
}
