/**
 * Names the server behind an entry for a run's record: the program or URL with variables filled in, and without
 * secrets. Nothing is started and nobody is asked.
 */
import {
  saysPlace,
  shownArguments,
  shownTable,
  shownUrl,
  withoutSecretReferences,
  type FilledText,
} from "../identity/shown-settings.ts";
import type { SourceIdentity } from "../../spec/source-identity.ts";
import type { McpSettings, SecretText } from "./mcp-source-options.ts";
import { toResolveError } from "./resolve-entry.ts";

type Fill = (field: readonly (string | number)[], template: string) => Promise<FilledText>;

/** Throws `source_unavailable`, naming the field that could not be expanded. */
export async function entryIdentity(settings: McpSettings, principal: string): Promise<SourceIdentity> {
  const { entry } = settings;
  const fill = createFill(settings, principal);
  if (entry.transport === "http") {
    const { text } = await fill(["url"], entry.url);
    return { kind: "mcp", url: shownUrl(text), ...(await settingsOf("headers", entry.headers, fill)) };
  }
  const args = await Promise.all((entry.args ?? []).map((arg, at) => fill(["args", at], arg)));
  const command = await fill(["command"], entry.command);
  return {
    kind: "mcp",
    command: [command.text, ...shownArguments(args)],
    ...(entry.cwd === undefined ? {} : { folder: (await fill(["cwd"], entry.cwd)).text }),
    ...(await settingsOf("env", entry.env, fill)),
  };
}

function createFill({ name, entry }: McpSettings, principal: string): Fill {
  const origin = entry.transport === "stdio" ? "stdio:" : (URL.parse(entry.url)?.origin ?? "");
  return async (field, template) => {
    const shown = withoutSecretReferences(template);
    try {
      const text = await entry.resolve?.(shown, { source: name, principal, field, origin });
      return { template: shown, text: text ?? shown };
    } catch (cause) {
      throw toResolveError(name, field.join("."), cause);
    }
  };
}

/** A value that a function gives is a credential, whatever its name. */
async function settingsOf(
  part: "env" | "headers",
  texts: { readonly [name: string]: SecretText } = {},
  fill: Fill,
): Promise<Pick<SourceIdentity, "settings">> {
  const filled = await Promise.all(
    Object.entries(texts).map(async ([name, text]) =>
      saysPlace(name) && typeof text === "string" ? [[name, await fill([part, name], text)] as const] : [],
    ),
  );
  const settings = shownTable(Object.fromEntries(filled.flat()));
  return Object.keys(settings).length === 0 ? {} : { settings };
}
