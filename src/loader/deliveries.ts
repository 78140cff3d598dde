/**
 * What the host says to a worker: answers of its calls, checked before they cross, and held back while no call is under
 * way, since a worker goes on only during one.
 */
import { CodemodeError, toCodemodeError } from "../errors.ts";
import { toGuestError } from "../run/to-guest-error.ts";
import { encodeValue } from "../sandbox/bridge/encode-value.ts";
import { ValueFault } from "../sandbox/bridge/value-fault.ts";
import type { Delivery } from "../spec/engine.ts";
import type { Value } from "../spec/value.ts";
import type { WorkerLimits } from "./worker-limits.ts";

type ValueLimits = Pick<WorkerLimits, "valueBytes" | "depth">;

export interface DeliveriesOptions {
  readonly limits: ValueLimits;
  /** The worker may go on: a call is under way, or it is being loaded. */
  readonly isAwake: () => boolean;
  readonly send: (delivery: Delivery) => void;
}

export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #held: Delivery[] = [];
  #closed = false;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  /** What cannot cross becomes a refusal. */
  answer(seq: number, value: unknown): void {
    try {
      refuseForeign(value, "the answer", this.#options.limits);
      this.#whenAwake({ seq, ok: true, value: value as Value, now: Date.now() });
    } catch (thrown) {
      this.refuse(seq, toCodemodeError(thrown));
    }
  }

  refuse(seq: number, error: CodemodeError): void {
    this.#whenAwake({ seq, ok: false, error: toGuestError(error), now: Date.now() });
  }

  /** At once, and what the host itself has made. */
  send(seq: number, value: unknown): void {
    if (!this.#closed) this.#options.send({ seq, ok: true, value: value as Value, now: Date.now() });
  }

  /** The worker may go on. */
  flush(): void {
    for (const delivery of this.#held.splice(0)) this.#options.send(delivery);
  }

  close(): void {
    this.#closed = true;
    this.#held.length = 0;
  }

  #whenAwake(delivery: Delivery): void {
    if (this.#closed) return;
    if (this.#options.isAwake()) this.#options.send(delivery);
    else this.#held.push(delivery);
  }
}

/** Throws `value_unsupported` and `value_too_large` for what cannot cross; `root` is its name in the message. */
export function refuseForeign(value: unknown, root: string, limits: ValueLimits): void {
  try {
    encodeValue(value, { bytes: limits.valueBytes, depth: limits.depth + 1 }, root);
  } catch (thrown) {
    if (thrown instanceof ValueFault) throw new CodemodeError(thrown.code, `${thrown.message}.`);
    throw thrown;
  }
}
