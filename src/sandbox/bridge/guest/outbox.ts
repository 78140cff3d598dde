/**
 * Gathers the frames of one stretch of synchronous code into one message, since a message costs far more than
 * a frame: fifty calls of a `Promise.all` leave together.
 */

export interface Outbox {
  readonly push: (frame: string) => void;
  /** Sends everything and this frame; nothing is sent after it. */
  readonly last: (frame: string) => void;
}

/** Characters gathered before a message leaves early. */
const maxBatch = 512 * 1024;

export function createOutbox(send: (message: string) => void): Outbox {
  const defer = queueMicrotask;
  let gathered = "";
  let deferred = false;
  let closed = false;

  function flush(): void {
    deferred = false;
    if (gathered === "" || closed) return;
    const message = gathered;
    gathered = "";
    send(message);
  }

  return {
    push(frame) {
      if (gathered.length + frame.length > maxBatch) flush();
      gathered = gathered === "" ? frame : `${gathered}\n${frame}`;
      if (deferred) return;
      deferred = true;
      defer(flush);
    },
    last(frame) {
      if (gathered.length + frame.length > maxBatch) flush();
      gathered = gathered === "" ? frame : `${gathered}\n${frame}`;
      flush();
      closed = true;
    },
  };
}
