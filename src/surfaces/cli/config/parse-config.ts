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
import { meantKey } from "./meant-key.ts";
import { serverEntryKeys } from "./server-entry-schema.ts";
import { partWrongEntries } from "./wrong-entries.ts";
import type { SourceTable, WrongEntry } from "./wrong-entries.ts";

export interface ParsedConfig {
  /** Without the entries that are wrong. */
  readonly config: Config;
  readonly text: ConfigText;
  /** One sentence each, for the log: keys of other clients that have no meaning here. */
  readonly warnings: readonly string[];
  /** Each fails alone. */
  readonly wrong: readonly WrongEntry[];
}

type Placed = readonly [path: readonly PropertyKey[], problem: ConfigProblem];

/** Throws `config_unreadable`, and `config_invalid` for what no single entry is to blame for. */
export function parseConfig(source: string, file: string): ParsedConfig {
  const text = readConfigText(source, file);
  const parsed = configSchema.safeParse(text.value);
  const issues = parsed.success ? [] : parsed.error.issues;
  const found = issues.flatMap((issue) =>
    issueToProblems(issue, text).map((problem): Placed => [issue.path, problem]),
  );
  const first = partWrongEntries(text.value, found, file);
  if (first.problems.length > 0)
    throw problemsToError(
      found.map(([, problem]) => problem),
      file,
    );
  const good = configSchema.parse(first.rest);
  const second = partWrongEntries(first.rest, lostKeys(good, text), file);
  const config = second.wrong.length === 0 ? good : configSchema.parse(second.rest);
  const wrong = [...first.wrong, ...second.wrong];
  const problems = nameProblems(config, wrong, text);
  if (problems.length > 0) throw problemsToError(problems, file);
  return { config, text, warnings: foreignKeyWarnings(config, text), wrong };
}

function nameProblems(config: Config, wrong: readonly WrongEntry[], text: ConfigText): ConfigProblem[] {
  const servers = namesIn("mcpServers", config, wrong);
  const apis = namesIn("openapi", config, wrong);
  const manuals = namesIn("utcp", config, wrong);
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
  return [...twice, ...again, ...strays];
}

function namesIn(table: SourceTable, config: Config, wrong: readonly WrongEntry[]): string[] {
  const failed = wrong.filter((entry) => entry.table === table).map(({ name }) => name);
  return [...Object.keys(config[table] ?? {}), ...failed];
}

/** An MCP server is sent no headers of a call's own, so a key in one would never arrive. */
function lostKeys(config: Config, text: ConfigText): Placed[] {
  const servers = Object.keys(config.mcpServers ?? {});
  return Object.entries(config.sources ?? {}).flatMap(([name, { idempotency = {} }]): Placed[] => {
    if (!servers.includes(name)) return [];
    const rules = [idempotency, ...Object.values(idempotency)];
    if (!rules.some((rule) => typeof rule === "object" && typeof Reflect.get(rule, "header") === "string"))
      return [];
    const path = ["sources", name, "idempotency"];
    const problem = problemAt(
      path,
      "names a header, which only the calls of an openapi source have",
      text,
      "key",
    );
    return [[path, { ...problem, hint: 'Name an argument of the tool: { "argument": "request_id" }.' }]];
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
        const meant = meantKey(key, serverEntryKeys);
        const question = meant === undefined ? "" : ` Did you mean "${meant}"?`;
        return `${formatField(path)} has no meaning to codemode and is ignored (${formatPosition(text.file, text.positionOf(path, "key"))}).${question}`;
      }),
  );
}
