/**
 * The identities of a run's sources as its row keeps them: of those it has used, and of those that its program named
 * when it began. Bounded, since arguments and addresses are as long as somebody writes them.
 */
import * as z from "zod";
import { CodemodeError } from "../../errors.ts";
import type { RunOrigin } from "../../spec/journal.ts";
import type { SourceIdentity } from "../../spec/source-identity.ts";
import { hashText } from "../value-text.ts";

export interface RecordedSource {
  readonly identity: SourceIdentity;
  /**
   * A call of it was asked about or sent: all of its identity counts. Otherwise the program only names it, and what
   * could be said of it without asking it counts.
   */
  readonly used: boolean;
}

export type RecordedSources = ReadonlyMap<string, RecordedSource>;

const mostChars = 1_000;
const mostArguments = 100;

const identitySchema = z.object({
  kind: z.string(),
  command: z.array(z.string()).optional(),
  folder: z.string().optional(),
  url: z.string().optional(),
  baseUrl: z.string().optional(),
  account: z.string().optional(),
  settings: z.record(z.string(), z.string()).optional(),
});
const recordedSchema = z.record(z.string(), z.object({ identity: identitySchema, used: z.boolean() }));

/** Nothing for runs of before sources were recorded. Throws `store_corrupt`. */
export function readSources({ runId, sources }: Pick<RunOrigin, "runId" | "sources">): RecordedSources {
  if (sources === undefined) return new Map();
  try {
    return new Map(Object.entries(recordedSchema.parse(JSON.parse(sources))) as [string, RecordedSource][]);
  } catch (cause) {
    throw new CodemodeError("store_corrupt", `The sources in the record of ${runId} cannot be read.`, {
      cause,
      hint: "Start a new run; `codemode show` tells what this one has done.",
    });
  }
}

export function writeSources(sources: RecordedSources): string {
  return JSON.stringify(Object.fromEntries(sources));
}

/** As it is kept and compared: what is too long is told by its beginning and its hash. */
export function boundIdentity({ command, settings, ...texts }: SourceIdentity): SourceIdentity {
  const rest = (command ?? []).slice(mostArguments);
  return {
    ...(cutTexts(texts) as Omit<SourceIdentity, "command" | "settings">),
    ...(command === undefined
      ? {}
      : {
          command: [
            ...command.slice(0, mostArguments).map(cutText),
            ...(rest.length === 0 ? [] : [`… sha256 ${hashText(JSON.stringify(rest))}`]),
          ],
        }),
    ...(settings === undefined ? {} : { settings: cutTexts(settings) }),
  };
}

function cutTexts(texts: object): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(texts)
      .slice(0, mostArguments)
      .map(([name, text]) => [name, cutText(String(text))]),
  );
}

function cutText(text: string): string {
  return text.length <= mostChars ? text : `${text.slice(0, 200)}… sha256 ${hashText(text)}`;
}
