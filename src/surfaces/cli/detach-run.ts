/**
 * `codemode run --detach`: a process of its own runs the snippet and outlives this one, which ends as soon as it knows
 * the run's id.
 */
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProcess } from "../../child-process/start-process.ts";
import { CodemodeError } from "../../errors.ts";
import type { Codemode, Execution } from "../../spec/codemode.ts";
import type { CliContext } from "./cli-command.ts";
import { exitCodes } from "./exit-codes.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { FollowRequest } from "./finish-run.ts";
import { loadContextConfig, withCodemode } from "./with-codemode.ts";

interface DetachedRun {
  readonly code: string;
  readonly dryRun: boolean;
  readonly config: string | undefined;
  readonly json: boolean | undefined;
}

/** Set for the process that runs the snippet: it tells its parent the run's id. */
const marker = "CODEMODE_DETACHED";

export async function detachRun(
  { code, dryRun, config, json }: DetachedRun,
  context: CliContext,
): Promise<ExitCode> {
  if (dryRun)
    throw new CodemodeError("usage", "A dry run is not recorded, so it cannot be detached.", {
      hint: "Leave out one of --dry-run and --detach.",
    });
  // Whoever must agree to the configuration does so here, where there is a terminal.
  const { file } = await loadContextConfig(context, config);
  const begun = await begin(code, file, context);
  if ("failed" in begun) {
    context.terminal.err(begun.words);
    return begun.failed;
  }
  const { runId } = begun;
  if (json === true) {
    const options = { config: file, journal: "store", sources: "none" } as const;
    const document = await withCodemode(context, options, ({ codemode }) => codemode.show({ runId }));
    context.terminal.out(`${JSON.stringify(document)}\n`);
  } else {
    context.terminal.out(`${runId}\n`);
    context.terminal.err(`It goes on by itself; codemode resume ${runId} waits for it.\n`);
  }
  return exitCodes.completed;
}

type Begun = { readonly runId: string } | { readonly failed: ExitCode; readonly words: string };

async function begin(code: string, file: string, { host, workingFolder }: CliContext): Promise<Begun> {
  const folder = mkdtempSync(join(tmpdir(), "codemode-detach-"));
  try {
    const errors = openSync(join(folder, "errors"), "w", 0o600);
    const [, program = ""] = process.argv;
    const args = [...process.execArgv, program, "run", "-", "--json", "--config", file];
    const child = startProcess(process.execPath, args, {
      cwd: workingFolder,
      env: { ...host.env, [marker]: "1" },
      detached: true,
      stdio: ["pipe", "ignore", errors, "ipc"],
    });
    const begun = Promise.withResolvers<Begun>();
    child.once("message", (runId) => typeof runId === "string" && begun.resolve({ runId }));
    child.once("error", begun.reject);
    child.once("exit", (failed) =>
      begun.resolve({
        failed: failed === exitCodes.usage ? exitCodes.usage : exitCodes.failed,
        words: readFileSync(join(folder, "errors"), "utf8"),
      }),
    );
    // One that ended at once reads no more; why it did is in what it wrote.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(code);
    const told = await begun.promise;
    if (child.connected) child.disconnect();
    child.unref();
    return told;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In the process that runs the snippet; its parent is told the run's id, and need not be there any more after that. */
export function isDetached({ host }: CliContext): boolean {
  return host.env[marker] === "1" && process.connected;
}

/** Ends when the run does, or leaves it as it stands when this process is asked to end. */
export async function runDetached(
  code: string,
  { request, codemode }: { readonly request: FollowRequest; readonly codemode: Codemode },
): Promise<Execution> {
  const { runId } = (await codemode.execute({ code, detach: true })).document;
  await new Promise<void>((told) => process.send?.(runId, () => told()));
  return codemode.resume({ ...request, runId });
}
