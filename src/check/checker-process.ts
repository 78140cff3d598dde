/**
 * The process of TypeScript's native checker: started, watched, killed. It is the only file that knows how
 * the (pinned, unstable) API keeps its process; what is asked of the checker is left to others.
 */
import { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { API } from "typescript/unstable/async";
import { shieldLibrary } from "../child-process/start-process.ts";
import { CodemodeError } from "../errors.ts";
import { processMemory } from "./process-memory.ts";
import { WorkDeadline } from "./work-deadline.ts";
import { virtualFolder, type VirtualFiles } from "./virtual-files.ts";

export interface WorkLimits {
  /** Milliseconds of work until the process is killed. */
  readonly deadlineMs: number;
  /** Megabytes of resident memory above which it is killed. */
  readonly memoryMb: number;
}

const bootMs = 10_000;
const watchMs = 25;

export class CheckerProcess {
  readonly api: API;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  /** What is under way, to be told of the process's end: a promise shared by all would keep what each has made. */
  readonly #underWay = new Set<(error: CodemodeError) => void>();
  #alive = true;

  private constructor(api: API, child: ChildProcess) {
    this.api = api;
    this.#child = child;
    this.#exited = this.#untilExit();
    if (child.stdin !== null) forgiveLateWrites(child.stdin, () => this.#alive);
    letGo(child);
  }

  /** Throws `unsupported` where the native checker cannot run. The process never keeps the host alive. */
  static async start(files: VirtualFiles): Promise<CheckerProcess> {
    const api = new API({ cwd: virtualFolder, fs: files.fileSystem });
    let first: ReturnType<API["updateSnapshot"]> | undefined;
    const begin = (): ReturnType<API["updateSnapshot"]> => {
      first ??= api.updateSnapshot();
      first.catch(() => undefined);
      return first;
    };
    const child = await shieldLibrary(() => waitForChild(api, begin()));
    const started = new CheckerProcess(api, child);
    const snapshot = await started.work(begin, { deadlineMs: bootMs, memoryMb: Infinity });
    snapshot.dispose().catch(() => undefined);
    return started;
  }

  async #untilExit(): Promise<void> {
    await once(this.#child, "exit");
    this.#alive = false;
    for (const fail of this.#underWay) fail(endedByItself());
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /**
   * Does something with the checker; whatever breaks a limit kills the process.
   * Throws `check_timeout`, and `internal` when the process died by itself.
   */
  async work<T>(act: () => Promise<T>, limits: WorkLimits): Promise<T> {
    const { promise: stopped, reject } = Promise.withResolvers<never>();
    const stop = (error: CodemodeError): void => {
      this.kill();
      reject(error);
    };
    const deadline = new WorkDeadline(this.pid, limits.deadlineMs);
    const watch = setInterval(() => {
      const used = this.pid === undefined ? undefined : processMemory(this.pid);
      if (used !== undefined && used > limits.memoryMb) stop(tooLarge(limits.memoryMb));
      else if (deadline.passed) stop(tooLong(limits.deadlineMs));
    }, watchMs);
    this.#underWay.add(reject);
    if (!this.#alive) reject(endedByItself());
    stopped.catch(() => undefined);
    try {
      return await Promise.race([act(), stopped]);
    } finally {
      this.#underWay.delete(reject);
      clearInterval(watch);
    }
  }

  kill(): void {
    this.#alive = false;
    this.#child.kill("SIGKILL");
  }

  /** Resolves when the process is gone. */
  async gone(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.ref();
    await this.#exited;
  }
}

/** The process is started by the first request; the API keeps it to itself. */
async function waitForChild(api: API, request: Promise<unknown>): Promise<ChildProcess> {
  const waiting = new AbortController();
  try {
    return await Promise.race([
      findChild(api, waiting.signal),
      request.then(() => findChild(api, waiting.signal)),
    ]);
  } catch (cause) {
    throw new CodemodeError("unsupported", "The type check cannot run on this machine.", {
      hint: 'Reinstall the packages for this platform, or set "check": "off".',
      cause,
    });
  } finally {
    waiting.abort();
  }
}

async function findChild(api: API, signal: AbortSignal): Promise<ChildProcess> {
  while (!signal.aborted) {
    const client: unknown = Reflect.get(api, "client");
    const child: unknown =
      typeof client === "object" && client !== null ? Reflect.get(client, "process") : undefined;
    if (child instanceof ChildProcess && child.pid !== undefined) return child;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("The process of the native checker did not start.");
}

/**
 * The API's connection leaves a rejection that nobody can handle when a write fails, and that would end the
 * host. A killed process is ordinary here, and the work that wrote is rejected by its death: so no write fails.
 */
function forgiveLateWrites(stdin: Writable, isAlive: () => boolean): void {
  const write = stdin.write.bind(stdin);
  const forgiving = (chunk: unknown, ...rest: readonly unknown[]): boolean => {
    const done = rest.find((each) => typeof each === "function");
    const encoding = rest.find((each) => typeof each === "string");
    const finish = (): void => {
      if (typeof done === "function") done();
    };
    if (!isAlive() || !stdin.writable) {
      finish();
      return true;
    }
    return Buffer.isEncoding(String(encoding))
      ? write(chunk, String(encoding) as BufferEncoding, finish)
      : write(chunk, finish);
  };
  Object.defineProperty(stdin, "write", { value: forgiving });
  stdin.on("error", () => undefined);
}

/** A warm checker that nobody waits for must not keep the host's event loop alive. */
function letGo(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout]) {
    if (stream !== null && "unref" in stream && typeof stream.unref === "function") stream.unref();
  }
}

function endedByItself(): CodemodeError {
  return new CodemodeError("internal", "The process of the type check ended by itself.");
}

function tooLong(deadlineMs: number): CodemodeError {
  return new CodemodeError(
    "check_timeout",
    `The type check took longer than ${deadlineMs} ms and was stopped.`,
    {
      hint: "Write simpler types; plain JavaScript needs none.",
    },
  );
}

function tooLarge(memoryMb: number): CodemodeError {
  return new CodemodeError("check_timeout", `The type check took more than ${memoryMb} MB and was stopped.`, {
    hint: "Write simpler types; plain JavaScript needs none.",
  });
}
