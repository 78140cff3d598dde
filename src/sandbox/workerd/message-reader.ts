/**
 * Splits a guest's bytes into WebSocket messages, joining chunks only once a whole message is there, and stops
 * for good at whatever is none.
 */
import { readFrame } from "./websocket-frames.ts";

export interface MessageHandlers {
  readonly maxMessageBytes: number;
  readonly onMessage: (message: Buffer) => void;
  readonly onViolation: (reason: string) => void;
  /** The guest hung up. */
  readonly onClosed: () => void;
}

/** Takes chunks as they arrive. */
export function createMessageReader(handlers: MessageHandlers): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let gathered = 0;
  let needed = 0;
  let open = true;

  return (chunk) => {
    if (!open) return;
    chunks.push(chunk);
    gathered += chunk.length;
    if (gathered < needed) return;
    const buffer = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    let at = 0;
    for (;;) {
      const reading = readFrame(buffer, at, handlers.maxMessageBytes);
      if (reading.kind === "message") {
        at = reading.end;
        handlers.onMessage(reading.payload);
        continue;
      }
      if (reading.kind === "more") {
        needed = reading.needed;
        break;
      }
      open = false;
      if (reading.kind === "violation") return handlers.onViolation(reading.reason);
      return handlers.onClosed();
    }
    const rest = buffer.subarray(at);
    chunks = rest.length === 0 ? [] : [rest];
    gathered = rest.length;
  };
}
