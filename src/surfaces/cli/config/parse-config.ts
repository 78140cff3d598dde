/**
 * From the text of `codemode.json` to a checked configuration: shape, names, and what other clients' extra
 * keys are ignored. Expands nothing and touches no file.
 */
import { CodemodeError } from "../../../errors.ts";
import { nearest } from "../../../nearest.ts";
import { formatField, issueToProblems, problemAt, problemsToError } from "./config-problems.ts";
import type { ConfigProblem } from "./config-problems.ts";
import { configSchema } from "./config-schema.ts";
import type { Config } from "./config-schema.ts";
import { formatPosition, readConfigText } from "./config-text.ts";
import type { ConfigText } from "./config-text.ts";
import { serverEntryKeys } from "./server-entry-schema.ts";

export interface ParsedConfig {
  readonly config: Config;
  readonly text: ConfigText;
  /** One sentence each, for the log: keys of other clients that have no meaning here. */
  readonly warnings: readonly string[];
}

/** Throws `config_unreadable` or `config_invalid`. */
export function parseConfig(source: string, file: string): ParsedConfig {
  const text = readConfigText(source, file);
  const parsed = configSchema.safeParse(text.value);
  if (!parsed.success) {
    throw problemsToError(
      parsed.error.issues.flatMap((issue) => issueToProblems(issue, text)),
      file,
    );
  }
  const problems = nameProblems(parsed.data, text);
  if (problems.length > 0) throw problemsToError(problems, file);
  return { config: parsed.data, text, warnings: foreignKeyWarnings(parsed.data, text) };
}

function nameProblems(config: Config, text: ConfigText): ConfigProblem[] {
  const servers = Object.keys(config.mcpServers ?? {});
  const apis = Object.keys(config.openapi ?? {});
  const manuals = Object.keys(config.utcp ?? {});
  if (servers.length + apis.length + manuals.length === 0) {
    throw new CodemodeError(
      "config_invalid",
      `The configuration names no source: "mcpServers", "openapi" or "utcp" needs an entry (${text.file}).`,
      {
        hint: "Add a server, or import those of your other clients with `codemode init`.",
        data: { file: text.file },
      },
    );
  }
  const twice = apis
    .filter((name) => servers.includes(name))
    .map((name) =>
      problemAt(["openapi", name], "has the name of a server in mcpServers; names must differ", text, "key"),
    );
  const again = manuals
    .filter((name) => servers.includes(name) || apis.includes(name))
    .map((name) =>
      problemAt(["utcp", name], "has the name of another source; names must differ", text, "key"),
    );
  const names = [...servers, ...apis, ...manuals];
  const strays = Object.keys(config.sources ?? {})
    .filter((name) => !names.includes(name))
    .map((name) => ({
      ...problemAt(["sources", name], "names no entry of mcpServers, openapi or utcp", text, "key"),
      hint: meantOrKnown(name, names),
    }));
  return [...twice, ...again, ...strays, ...lostKeys(servers, config, text)];
}

/** An MCP server is sent no headers of a call's own, so a key in one would never arrive. */
function lostKeys(servers: readonly string[], config: Config, text: ConfigText): ConfigProblem[] {
  return Object.entries(config.sources ?? {}).flatMap(([name, { idempotency = {} }]) => {
    if (!servers.includes(name)) return [];
    const rules = [idempotency, ...Object.values(idempotency)];
    if (!rules.some((rule) => typeof rule === "object" && typeof Reflect.get(rule, "header") === "string"))
      return [];
    const problem = problemAt(
      ["sources", name, "idempotency"],
      "names a header, which only the calls of an openapi source have",
      text,
      "key",
    );
    return [{ ...problem, hint: 'Name an argument of the tool: { "argument": "request_id" }.' }];
  });
}

function meantOrKnown(name: string, names: readonly string[]): string {
  const meant = nearest(name, names, 1)[0];
  return meant === undefined ? `Sources here: ${names.join(", ")}.` : `Did you mean "${meant}"?`;
}

function foreignKeyWarnings(config: Config, text: ConfigText): string[] {
  return Object.entries(config.mcpServers ?? {}).flatMap(([name, entry]) =>
    Object.keys(entry)
      .filter((key) => !serverEntryKeys.includes(key))
      .map((key) => {
        const path = ["mcpServers", name, key];
        const meant = nearest(key, serverEntryKeys, 1)[0];
        const question = meant === undefined ? "" : ` Did you mean "${meant}"?`;
        return `${formatField(path)} has no meaning to codemode and is ignored (${formatPosition(text.file, text.positionOf(path, "key"))}).${question}`;
      }),
  );
}
