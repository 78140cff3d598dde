/**
 * Starts the servers of a configuration that was just written, once and for a bounded time, and proposes what their
 * tools leave unsaid.
 */
import { toIdentifier } from "../../catalog/to-identifier.ts";
import type { CliContext } from "./cli-command.ts";
import { composeCodemode } from "./compose-codemode.ts";
import { loadConfig } from "./config/load-config.ts";
import { proposeEffects } from "./propose-effects.ts";
import { awaitSources } from "./show-sources.ts";

export interface Looked {
  /** For `sources.<name>.unstated`, by the name in the configuration; sources that need nothing are not in it. */
  readonly unstated: { readonly [source: string]: { readonly [glob: string]: "read" } };
  /** Sources that did not answer, and why. */
  readonly silent: readonly { readonly name: string; readonly reason: string }[];
}

/** A package runner may have to download the server first. */
const lookMs = 15_000;

export async function lookAtSources(
  file: string,
  { terminal, host, workingFolder, signal }: CliContext,
): Promise<Looked> {
  const loaded = await loadConfig({ flag: file, workingFolder, host });
  await using codemode = await composeCodemode(loaded, { dial: "background" });
  const looking = AbortSignal.any([signal, AbortSignal.timeout(lookMs)]);
  await awaitSources(codemode, { terminal, signal: looking }).catch(() => undefined);
  signal.throwIfAborted();
  const { sources } = await codemode.catalog({ patienceMs: 50 });
  const unstated: { [source: string]: { [glob: string]: "read" } } = {};
  const silent: { name: string; reason: string }[] = [];
  const states = new Map(codemode.sources().map((source) => [source.name, source.status]));
  for (const name of Object.keys(loaded.config.mcpServers ?? {})) {
    const identifier = toIdentifier(name);
    const listed = sources.find((source) => source.name === identifier);
    const status = states.get(identifier);
    if (listed === undefined) silent.push({ name, reason: status?.reason ?? "it did not answer in time" });
    const proposed = proposeEffects(listed?.tools ?? []);
    if (Object.keys(proposed).length > 0) unstated[name] = proposed;
  }
  return { unstated, silent };
}
