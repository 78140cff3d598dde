/**
 * `codemode doctor`: looks at everything a run depends on and says what works, what does not, and why.
 */
import { toCodemodeError } from "../../../errors.ts";
import type { CodemodeError } from "../../../errors.ts";
import { checkEffects } from "../check-effects.ts";
import { checkPassthrough } from "../check-passthrough.ts";
import { chooseEngine } from "../choose-engine.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import type { CliContext } from "../cli-command.ts";
import { composeCodemode } from "../compose-codemode.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import {
  checkEngine,
  checkNode,
  checkPolicy,
  checkRun,
  checkSources,
  checkStateFolder,
  checkStore,
  checkSurface,
  checkTypes,
} from "../doctor-checks.ts";
import type { DoctorCheck } from "../doctor-checks.ts";
import { errorToExitCode, exitCodes } from "../exit-codes.ts";
import type { ExitCode } from "../exit-codes.ts";
import { openJournal, storeFile } from "../open-journal.ts";
import { awaitSources } from "../show-sources.ts";
import { toPlainText } from "../terminal.ts";
import type { Terminal } from "../terminal.ts";
import { loadContextConfig } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Check the configuration, the sources and the sandbox, and say what they can do here",
  examples: ["codemode doctor", "codemode doctor --json"],
  args: { ...configArg, ...jsonArg, ...logArg },
  run: async ({ config, json }, context) => {
    const { terminal } = context;
    const show = (check: DoctorCheck): void => {
      checks.push(check);
      if (json !== true) terminal.out(toLines(check, terminal));
    };
    const checks: DoctorCheck[] = [];
    const exitCode = await examine(config, context, show);
    const ok = checks.every((check) => check.ok);
    if (json === true) terminal.out(`${JSON.stringify({ ok, checks })}\n`);
    return ok ? exitCodes.completed : exitCode;
  },
});

/** Answers the exit code for the case that a check has failed. */
async function examine(
  flag: string | undefined,
  context: CliContext,
  show: (check: DoctorCheck) => void,
): Promise<ExitCode> {
  show(checkNode());
  let loaded: LoadedConfig;
  try {
    loaded = await loadContextConfig(context, flag);
  } catch (thrown) {
    const error = toCodemodeError(thrown);
    show({ name: "config", ok: false, detail: describeError(error) });
    return errorToExitCode(error.code);
  }
  show({ name: "config", ok: true, detail: [loaded.file, ...loaded.warnings].join("\n") });
  await using codemode = await composeCodemode(loaded, { dial: "background" });
  const choice = chooseEngine(loaded.config.sandbox);
  // All at once: none waits for another, and a source that is slow holds up only its own line.
  const began: readonly Promise<readonly DoctorCheck[]>[] = [
    one("state", () => checkStateFolder(loaded.folders.state)),
    one("store", () => checkStore(openJournal(loaded), storeFile(loaded))),
    one("sandbox", () => checkEngine(codemode, choice.reason)),
    one("run", () => checkRun(codemode)),
    one("types", () => checkTypes(codemode, loaded.config.check)),
    awaitSources(codemode, context).then((catalog) => [
      ...checkSources(codemode.sources()),
      ...checkPassthrough(catalog, loaded.config.passthrough),
      checkPolicy(loaded.config.policy, catalog),
      checkEffects(catalog, loaded),
      checkSurface(catalog, loaded.config.surface),
    ]),
  ];
  for (const check of began) check.catch(() => undefined);
  for (const check of began) for (const each of await check) show(each);
  return exitCodes.failed;
}

/** One check that throws must not hide the others. */
async function one(name: string, check: () => Promise<DoctorCheck>): Promise<readonly DoctorCheck[]> {
  try {
    return [await check()];
  } catch (thrown) {
    return [{ name, ok: false, detail: describeError(toCodemodeError(thrown)) }];
  }
}

function describeError({ code, message, hint }: CodemodeError): string {
  return [`${code}: ${message}`, ...(hint === undefined ? [] : [hint])].join("\n");
}

function toLines({ name, ok, detail }: DoctorCheck, terminal: Terminal): string {
  const mark = ok ? terminal.styleOut("green", "✓") : terminal.styleOut("red", "✗");
  const [first = "", ...rest] = toPlainText(detail).split("\n");
  return [
    `${mark} ${terminal.styleOut("bold", name)}: ${first}`,
    ...rest.map((line) => terminal.styleOut("gray", `    ${line}`)),
    "",
  ].join("\n");
}
