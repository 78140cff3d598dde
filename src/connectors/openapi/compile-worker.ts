/**
 * The worker's side of `compile-in-worker.ts`: compiles one document and ends.
 */
import { parentPort, workerData } from "node:worker_threads";
import { toCodemodeError } from "../../errors.ts";
import { compileDocument } from "./compile-document.ts";

export type CompileReply =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly hint?: string };

function reply(): CompileReply {
  try {
    return { ok: true, text: JSON.stringify(compileDocument(String(workerData))) };
  } catch (thrown) {
    const { code, message, hint } = toCodemodeError(thrown);
    return { ok: false, code, message, ...(hint !== undefined && { hint }) };
  }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
parentPort?.postMessage(reply());
