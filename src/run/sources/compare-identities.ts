/**
 * Says in which points two identities of a source differ, for a person who has to decide which of them is meant.
 */
import type { SourceIdentity } from "../../spec/source-identity.ts";
import type { RecordedSource } from "./recorded-sources.ts";

export interface Difference {
  readonly source: string;
  /** `command`, `baseUrl`, `settings.API_URL`, … ; absent where the source is not there at all. */
  readonly field?: string;
  readonly before?: string;
  readonly now?: string;
}

/** Of a source that was only named, what the record leaves out was not known and is no difference. */
export function compareIdentities(
  source: string,
  { identity, used }: RecordedSource,
  present: SourceIdentity | undefined,
): Difference[] {
  if (present === undefined) return [{ source }];
  const [before, now] = [toFields(identity), toFields(present)];
  const fields = used ? new Set([...before.keys(), ...now.keys()]) : before.keys();
  return [...fields].flatMap((field) => {
    const [was, is] = [before.get(field), now.get(field)];
    if (was === is || (!used && is === undefined)) return [];
    return [
      {
        source,
        field,
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { now: is }),
      },
    ];
  });
}

export function differenceToText({ source, field, before, now }: Difference): string {
  if (field === undefined) return `there is no source "${source}" here`;
  return `${source}: ${field} was ${quote(before)} and is ${quote(now)} here`;
}

function quote(text: string | undefined): string {
  if (text === undefined) return "nothing";
  return JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text);
}

function toFields({ command, settings = {}, ...texts }: SourceIdentity): Map<string, string> {
  return new Map([
    ...Object.entries(texts).map(([field, text]) => [field, text] as const),
    ...(command === undefined ? [] : [["command", command.join(" ")] as const]),
    ...Object.entries(settings).map(([name, text]) => [`settings.${name}`, text] as const),
  ]);
}
