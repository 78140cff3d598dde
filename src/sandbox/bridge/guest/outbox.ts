/**
 * Gathers the frames of one stretch of synchronous code into one message, since a message costs far more than
 * a frame: fifty calls of a `Promise.all` leave together.
 */

export interface Outbox {
  readonly push: (frame: string) => void;
  /** While held, frames are gathered over stretches too; whatever comes to be sent next leaves with them. */
  readonly hold: (held: boolean) => void;
  /** Sends everything and this frame; nothing is sent after it. */
  readonly last: (frame: string) => void;
}

/** Characters gathered before a message leaves early. */
const maxBatch = 512 * 1024;

export function createOutbox(send: (message: string) => void): Outbox {
  const defer = queueMicrotask;
  let gathered = "";
  let deferred = false;
  let held = false;
  let closed = false;

  function flush(): void {
    deferred = false;
    if (gathered === "" || closed) return;
    const message = gathered;
    gathered = "";
    send(message);
  }

  function leave(): void {
    if (held || deferred) return;
    deferred = true;
    defer(flush);
  }

  return {
    push(frame) {
      if (gathered.length + frame.length > maxBatch) flush();
      gathered = gathered === "" ? frame : `${gathered}\n${frame}`;
      leave();
    },
    hold(more) {
      held = more;
      if (gathered !== "") leave();
    },
    last(frame) {
      if (gathered.length + frame.length > maxBatch) flush();
      gathered = gathered === "" ? frame : `${gathered}\n${frame}`;
      flush();
      closed = true;
    },
  };
}
