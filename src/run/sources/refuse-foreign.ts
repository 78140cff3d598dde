/**
 * Keeps a run with its sources: it is continued, answered, rolled back and adopted only where the sources that it has
 * used, and those that its program names, are still the same upstreams. Elsewhere it is refused and stays as it is.
 */
import { toIdentifier } from "../../catalog/to-identifier.ts";
import { CodemodeError, toCodemodeError } from "../../errors.ts";
import type { Lease, RunRow } from "../../spec/journal.ts";
import type { ExecuteContext } from "../execute-context.ts";
import { compareIdentities, differenceToText, type Difference } from "./compare-identities.ts";
import { identifySource } from "./identify-sources.ts";
import { readSources, writeSources, type RecordedSource } from "./recorded-sources.ts";

const mostShown = 5;
const never = new AbortController().signal;

type SourceContext = Pick<ExecuteContext, "source" | "catalog">;

/** Throws `run_foreign`, and `source_unavailable` where a source it has used cannot be told. */
export async function refuseForeign(
  run: RunRow,
  context: SourceContext,
  signal: AbortSignal = never,
): Promise<void> {
  const recorded = readSources(run);
  const found = await Promise.all(
    [...recorded].map(async ([name, source]) => compareSource(name, source, { run, context, signal })),
  );
  const differences = found.flat();
  if (differences.length > 0) throw foreign(run, differences);
}

/**
 * A person says that a source is another one by now on purpose: from here on its present identity counts. Throws
 * `usage` for a source that the run has not used or that is not here.
 */
export async function acceptSources(
  run: RunRow,
  accepted: readonly string[],
  { context, lease, signal = never }: AcceptContext,
): Promise<RunRow> {
  if (accepted.length === 0) return run;
  const sources = new Map(readSources(run));
  for (const given of accepted) {
    const name = toIdentifier(given);
    const before = sources.get(name);
    if (before === undefined) throw notUsed(given, run, [...sources.keys()]);
    const identity = await identifySource(name, { principal: run.principal, signal }, context);
    if (identity !== undefined) sources.set(name, { identity, used: before.used });
    else if (before.used) throw notHere(given, run);
    else sources.delete(name);
  }
  const written = writeSources(sources);
  await context.journal.commit(lease, { sources: written, durable: true });
  return { ...run, sources: written };
}

export interface AcceptContext {
  readonly context: SourceContext & Pick<ExecuteContext, "journal">;
  readonly lease: Lease;
  readonly signal?: AbortSignal | undefined;
}

interface Comparing {
  readonly run: RunRow;
  readonly context: SourceContext;
  readonly signal: AbortSignal;
}

async function compareSource(
  name: string,
  source: RecordedSource,
  { run: { runId, principal }, context, signal }: Comparing,
): Promise<Difference[]> {
  const request = { principal, signal, ...(source.used ? {} : { offline: true }) };
  try {
    return compareIdentities(name, source, await identifySource(name, request, context));
  } catch (thrown) {
    // One that was only named holds up nobody while it is down.
    if (!source.used) return [];
    const { code, message, hint } = toCodemodeError(thrown);
    throw new CodemodeError(code, message, {
      cause: thrown,
      hint: `The run waits as it is; nothing was sent.${hint === undefined ? "" : ` ${hint}`}`,
      data: { runId },
    });
  }
}

function foreign({ runId, config }: RunRow, differences: readonly Difference[]): CodemodeError {
  const shown = differences.slice(0, mostShown).map(differenceToText);
  const more = differences.length > mostShown ? [`${differences.length - mostShown} more`] : [];
  const names = [...new Set(differences.map(({ source }) => source))];
  const where =
    config === undefined ? "where it was begun" : `with the configuration it was begun with, ${config}`;
  return new CodemodeError(
    "run_foreign",
    `The run ${runId} belongs to other sources than those here: ${[...shown, ...more].join("; ")}.`,
    {
      hint: `Nothing was sent and the run waits as it is. Go on with it ${where}; or, if the change is meant, with codemode resume ${runId} --accept-source ${names.join(",")}`,
      data: { runId, differences, ...(config === undefined ? {} : { config }) },
    },
  );
}

function notUsed(given: string, { runId }: RunRow, used: readonly string[]): CodemodeError {
  return new CodemodeError("usage", `The run ${runId} has not used a source "${given.slice(0, 100)}".`, {
    hint: used.length === 0 ? "It has used none." : `It has used ${used.slice(0, 20).join(", ")}.`,
  });
}

function notHere(given: string, { runId }: RunRow): CodemodeError {
  return new CodemodeError(
    "usage",
    `The run ${runId} has used the source "${given.slice(0, 100)}", and there is none of that name here.`,
    { hint: "Accepting is for a source that is another one by now: add it under the same name." },
  );
}
