/**
 * The checker: type-checks snippets one after the other in one warm process, kills it at a deadline and
 * starts another. What a finding means to a model is decided in `judge-findings.ts`.
 */
import { CodemodeError } from "../errors.ts";
import type { Checker, CheckRequest, Declarations, Diagnostic } from "../spec/check.ts";
import { CheckerProcess } from "./checker-process.ts";
import { judgeFindings, type Judgement } from "./judge-findings.ts";
import { libraryFiles } from "./library-files.ts";
import { ProgramSets } from "./program-sets.ts";
import { positionAt } from "./position-at.ts";
import { TurnQueue } from "./turn-queue.ts";
import { createVirtualFiles } from "./virtual-files.ts";
import { hasObserved, withoutObserved } from "./without-observed.ts";

export interface CheckerOptions {
  /** Declarations of the globals a snippet sees, `tools: Tools` among them. */
  readonly prelude: string;
  /** Milliseconds one check may work once it has its turn; default 2,000. On a busy machine it is given more by the clock. */
  readonly deadlineMs?: number;
  /** Milliseconds that loading declarations not seen before may take; default 10,000. */
  readonly loadMs?: number;
  /** Megabytes of resident memory the process may take (held on Linux); default 1,536. */
  readonly memoryMb?: number;
  /** Milliseconds a check waits for its turn; default 10,000. */
  readonly queueMs?: number;
}

interface Warm {
  readonly process: CheckerProcess;
  readonly sets: ProgramSets;
}

const maxDiagnostics = 5;

/**
 * Boots its process at once, in the background; it never keeps the host alive. `check` throws
 * `check_timeout` (deadline, memory, or no turn), `unsupported`, `run_cancelled`.
 */
export function createChecker(options: CheckerOptions): Checker {
  const { prelude, deadlineMs = 2_000, loadMs = 10_000, memoryMb = 1_536, queueMs = 10_000 } = options;
  const queue = new TurnQueue();
  let closed = false;
  let warm = startWarm();

  function startWarm(): Promise<Warm> {
    const starting = boot(prelude);
    starting.catch(() => undefined);
    return starting;
  }

  async function ready(): Promise<Warm> {
    const current = await warm.catch(() => undefined);
    if (current?.process.alive === true) return current;
    warm = startWarm();
    return warm;
  }

  async function checkAgainst(declarations: readonly Declarations[], code: string): Promise<Judgement[]> {
    const { process, sets } = await ready();
    try {
      const set = await process.work(() => sets.open(declarations), { deadlineMs: loadMs, memoryMb });
      return await process.work(async () => judgeFindings(await sets.check(set, code), code), {
        deadlineMs,
        memoryMb,
      });
    } catch (error) {
      // Whatever went wrong inside the process, the next check deserves a fresh one, already warm.
      process.kill();
      if (!closed) warm = startWarm();
      if (error instanceof CodemodeError) throw error;
      throw new CodemodeError("internal", "The type check failed by itself.", { cause: error });
    }
  }

  async function check({ code, declarations }: CheckRequest): Promise<readonly Diagnostic[]> {
    const found = await checkAgainst(declarations, code);
    if (!found.some(isError) || !declarations.some(({ text }) => hasObserved(text)))
      return toDiagnostics(found, code);
    const stated = await checkAgainst(declarations.map(withoutObserved), code);
    const certain = new Set(stated.filter(isError).map(({ start }) => start));
    const softened = found.map((each): Judgement =>
      isError(each) && !certain.has(each.start) ? observedOnly(each) : each,
    );
    return toDiagnostics(softened, code);
  }

  return {
    async check(request) {
      if (closed) throw new CodemodeError("run_cancelled", "This checker is closed.");
      return queue.run(() => check(request), {
        waitMs: queueMs,
        signal: request.signal,
        client: request.client,
      });
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      const last = await warm.catch(() => undefined);
      last?.process.kill();
      await last?.process.gone();
      await queue.idle();
    },
  };
}

async function boot(prelude: string): Promise<Warm> {
  const files = createVirtualFiles();
  const base = new Map([...readLibrary(), ["prelude.d.ts", prelude]]);
  for (const [name, text] of base) files.write(files.path(name), text);
  const process = await CheckerProcess.start(files);
  const sets = new ProgramSets(process, { files, base: [...base.keys()].map((name) => files.path(name)) });
  return { process, sets };
}

function readLibrary(): ReadonlyMap<string, string> {
  try {
    return libraryFiles();
  } catch (error) {
    throw new CodemodeError(
      "unsupported",
      "The type check cannot run on this machine: TypeScript's package for it is missing.",
      {
        hint: 'Reinstall without omitting optional dependencies, or set "check": "off".',
        cause: error,
      },
    );
  }
}

function isError({ severity }: Judgement): boolean {
  return severity === "error";
}

function observedOnly(judgement: Judgement): Judgement {
  return {
    ...judgement,
    severity: "warn",
    message: `${judgement.message} (By the shape seen in past answers, which may differ.)`,
  };
}

function toDiagnostics(found: readonly Judgement[], code: string): Diagnostic[] {
  const ordered = found.toSorted((a, b) => Number(isError(b)) - Number(isError(a)) || a.start - b.start);
  return ordered.slice(0, maxDiagnostics).map(({ start, message, hint, missingSource, severity }) => ({
    ...positionAt(code, start),
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(missingSource === undefined ? {} : { missingSource }),
    severity,
  }));
}
