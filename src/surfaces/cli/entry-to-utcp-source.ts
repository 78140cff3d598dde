/**
 * Makes the source of one entry of `utcp`. The values of its variables are read for each call.
 */
import { dirname } from "node:path";
import { createUtcpSource } from "../../connectors/utcp/create-utcp-source.ts";
import { toCodemodeError } from "../../errors.ts";
import type { Source } from "../../spec/source.ts";
import type { ConfigValues } from "./config/config-values.ts";
import type { UtcpEntry } from "./config/utcp-entry-schema.ts";
import { createFailedSource } from "./create-failed-source.ts";
import { createSecretReader } from "./create-secret-reader.ts";

export interface UtcpPlace {
  readonly name: string;
  readonly values: ConfigValues;
}

export function entryToUtcpSource(entry: UtcpEntry, { name, values }: UtcpPlace): Source {
  const path = ["utcp", name];
  const { origins, commands, variables } = entry;
  try {
    const manual = values.text(entry.manual, [...path, "manual"]);
    const isUrl = /^(https?|file):/i.test(manual);
    const place = isUrl ? manual : values.path(entry.manual, [...path, "manual"]);
    const read = createSecretReader(values);
    return createUtcpSource(name, {
      manual: place,
      ...(isUrl ? {} : { folder: dirname(place) }),
      ...(origins === undefined ? {} : { origins }),
      ...(commands === undefined ? {} : { commands }),
      ...(variables === undefined
        ? {}
        : {
            variables: async () =>
              Object.fromEntries(
                await Promise.all(
                  Object.entries(variables).map(async ([key, reference]) => [
                    key,
                    await read(reference, [...path, "variables", key]),
                  ]),
                ),
              ),
          }),
    });
  } catch (thrown) {
    return createFailedSource(name, "utcp", toCodemodeError(thrown));
  }
}
