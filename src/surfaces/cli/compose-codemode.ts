/**
 * Puts a `Codemode` together from a configuration: sources, engine, policy, limits and where things are kept.
 */
import { dirname, join } from "node:path";
import { createCodemode } from "../../codemode.ts";
import type { CodemodeOptions } from "../../codemode-options.ts";
import type { PinOptions } from "../../run/approval-pin.ts";
import type { Codemode } from "../../spec/codemode.ts";
import type { Journal, Retention } from "../../spec/journal.ts";
import type { Limits } from "../../spec/limits.ts";
import type { Policy } from "../../spec/policy.ts";
import type { SnippetModule } from "../../spec/modules.ts";
import type { WorkspaceStore } from "../../spec/workspace.ts";
import { configToSources } from "./config-to-sources.ts";
import type { Config } from "./config/config-schema.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import { defaultRetention } from "./config/store-schema.ts";
import { createConfiguredEngine } from "./create-configured-engine.ts";
import { withoutUndefined } from "./without-undefined.ts";

export interface ComposeOptions {
  /** `background` dials every source at once, `lazy` only what nothing is known of. */
  readonly dial: "background" | "lazy";
  /** Counts beside the configuration's policy. */
  readonly stricter?: Policy;
  /** The code that answers need. Default: none. */
  readonly pin?: PinOptions;
  /** Where runs are kept. Default: nowhere beyond this process. */
  readonly journal?: Journal;
  /** Told what belongs into the log. Default: nobody is. */
  readonly warn?: CodemodeOptions["warn"];
  /** `none` leaves every source alone. Default: those of the configuration. */
  readonly sources?: "configured" | "none";
  /** Where state and saved snippets are kept. Default: nowhere beyond this process. */
  readonly workspaces?: WorkspaceStore;
}

/** Throws `config_invalid`. Nothing is started that is not needed at once. */
export async function composeCodemode(
  loaded: LoadedConfig,
  { dial, journal, workspaces, sources, stricter, pin, warn }: ComposeOptions,
): Promise<Codemode> {
  const { config, folders } = loaded;
  const limits = toLimits(config.limits);
  return createCodemode({
    sources: sources === "none" ? [] : await configToSources(loaded),
    engine: createConfiguredEngine({ sandbox: config.sandbox, limits }),
    overrides: toOverrides(config.sources),
    keepFolder: join(folders.state, "kept"),
    configFile: loaded.file,
    dial,
    retention: toRetention(config.retention),
    ...(journal === undefined ? {} : { journal }),
    ...(workspaces === undefined ? {} : { workspaces }),
    ...(stricter === undefined ? {} : { stricter }),
    ...(pin === undefined ? {} : { pin }),
    ...(warn === undefined ? {} : { warn }),
    ...(typeof config.store === "string" || config.store?.leaseMs === undefined
      ? {}
      : { leaseMs: config.store.leaseMs }),
    ...(limits === undefined ? {} : { limits }),
    ...(config.workspace?.files === undefined
      ? {}
      : { fileLimits: withoutUndefined(config.workspace.files) }),
    ...(config.modules === undefined ? {} : { modules: await toModules(config.modules, loaded) }),
    ...(config.snippets?.propose === undefined ? {} : { propose: config.snippets.propose }),
    ...(config.approvals?.inDoubt === undefined ? {} : { inDoubt: config.approvals.inDoubt }),
    ...(config.approvals?.expiresMs === undefined ? {} : { approvalMs: config.approvals.expiresMs }),
    answerWith: (runId) =>
      `they answer with \`codemode approve ${runId}\` or \`codemode reject ${runId}\` in a terminal; \`codemode approvals\` shows it.`,
    ...(config.policy === undefined ? {} : { policy: config.policy }),
    ...(config.check === undefined ? {} : { check: config.check }),
  });
}

/** The bundler is loaded only by those who list modules. */
async function toModules(
  modules: NonNullable<Config["modules"]>,
  { file, folders }: LoadedConfig,
): Promise<SnippetModule[]> {
  const { bundleModules } = await import("../../modules/bundle-modules.ts");
  return bundleModules(modules, {
    folder: dirname(file),
    keepFolder: join(folders.state, "kept", "modules"),
  });
}

function toLimits(limits: Config["limits"]): Partial<Limits> | undefined {
  return limits === undefined ? undefined : withoutUndefined(limits);
}

function toRetention(asked: Config["retention"]): Retention {
  const { days, runs, megabytes, inDoubtDays } = { ...defaultRetention, ...withoutUndefined(asked ?? {}) };
  return {
    maxAgeMs: days * 86_400_000,
    maxRuns: runs,
    maxBytes: megabytes * 2 ** 20,
    maxDoubtMs: inDoubtDays * 86_400_000,
  };
}

function toOverrides(sources: Config["sources"] = {}): NonNullable<CodemodeOptions["overrides"]> {
  return Object.fromEntries(
    Object.entries(sources).map(([name, { trusted: _trusted, relay: _relay, sensitive, ...overrides }]) => [
      name,
      { ...withoutUndefined(overrides), ...(sensitive === true ? { observe: false } : {}) },
    ]),
  );
}
