/**
 * Compiles a document in a thread of its own, so that one written to exhaust its reader costs its own thread,
 * a bounded time and a bounded memory, while the host goes on.
 */
import { Worker } from "node:worker_threads";
import { CodemodeError } from "../../errors.ts";
import type { CompileReply } from "./compile-worker.ts";

export interface CompileLimits {
  readonly parseMs: number;
  readonly parseMb: number;
}

/** The kept form as text. Throws `source_invalid` for a bad document, `source_timeout` past the deadline. */
export async function compileInWorker(text: string, { parseMs, parseMb }: CompileLimits): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<CompileReply>();
  // The compiled package has no TypeScript in it.
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const worker = new Worker(new URL(`./compile-worker.${extension}`, import.meta.url), {
    workerData: text,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: parseMb, stackSizeMb: 4 },
  });
  worker.once("message", (reply: CompileReply) => resolve(reply));
  worker.once("error", (error) => reject(toError(error, parseMb)));
  worker.once("exit", () =>
    reject(new CodemodeError("source_invalid", "The API description could not be read.")),
  );
  const timer = setTimeout(() => {
    reject(
      new CodemodeError("source_timeout", `The API description took longer than ${parseMs} ms to parse.`, {
        hint: "Cut it down to the operations in use, or give it as JSON.",
      }),
    );
  }, parseMs);
  try {
    const reply = await promise;
    if (reply.ok) return reply.text;
    throw new CodemodeError(
      "source_invalid",
      reply.message,
      reply.hint === undefined ? {} : { hint: reply.hint },
    );
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function toError(error: Error, parseMb: number): CodemodeError {
  const memory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  const message = memory
    ? `The API description takes more than ${parseMb} MB of memory to parse.`
    : `The API description cannot be parsed: ${error.message}`;
  return new CodemodeError("source_invalid", message, {
    cause: error,
    ...(memory && { hint: "Cut it down to the operations in use." }),
  });
}
