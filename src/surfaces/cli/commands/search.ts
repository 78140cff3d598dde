/**
 * `codemode search`: the search that a model uses, for a person.
 */
import { CodemodeError } from "../../../errors.ts";
import { searchDetails } from "../../../spec/search.ts";
import type { SearchAnswer, SearchHit } from "../../../spec/search.ts";
import { troublesToText } from "../../../search/troubles-to-text.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import { showEffect } from "../show-effect.ts";
import { createStatusLine } from "../status-line.ts";
import { toPlainText } from "../terminal.ts";
import type { Terminal } from "../terminal.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Find tools by what they do",
  examples: [
    'codemode search "read a file"',
    'codemode search "github.issues.*" --detail names',
    "codemode search",
  ],
  args: {
    query: {
      type: "positional",
      required: false,
      description: "Plain words, a path or a glob; nothing for an overview",
    },
    source: { type: "string", description: "Search this source only" },
    limit: { type: "string", valueHint: "1-50", description: "How many to show. Default: 8" },
    detail: {
      type: "enum",
      options: [...searchDetails],
      description: "How much to show of each. Default: signatures",
    },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ query = "", source, limit, detail, config, json, log }, context) => {
    const { terminal } = context;
    const request = {
      query,
      ...(source === undefined ? {} : { source }),
      ...(limit === undefined ? {} : { limit: toLimit(limit) }),
      ...(detail === undefined
        ? {}
        : { detail: searchDetails.find((each) => each === detail) ?? "signatures" }),
    };
    return withCodemode(context, { config, log, journal: "store" }, async ({ codemode }) => {
      using line = createStatusLine(terminal);
      line.set("starting sources");
      if (query.trim() === "" && json !== true) {
        const text = await codemode.searchText(request);
        line[Symbol.dispose]();
        terminal.out(`${toPlainText(text)}\n`);
        return exitCodes.completed;
      }
      const answer = await codemode.search(request);
      line[Symbol.dispose]();
      if (json === true) terminal.out(`${JSON.stringify(toDocument(answer))}\n`);
      else terminal.out(toText(answer, terminal));
      return exitCodes.completed;
    });
  },
});

function toLimit(given: string): number {
  const limit = Number(given);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 50) return limit;
  throw new CodemodeError(
    "usage",
    `--limit must be a whole number from 1 to 50, not ${JSON.stringify(given)}.`,
  );
}

function toDocument({ results, total, truncated, troubles = [] }: SearchAnswer): object {
  const missing = troubles.map(({ name, state, text }) => ({ name, state, reason: text }));
  return { results, total, truncated, ...(missing.length === 0 ? {} : { missing }) };
}

function toText(answer: SearchAnswer, terminal: Terminal): string {
  const { results, total, more, types, sources } = answer;
  const near = toPlainText(more.join(", "));
  const missing = toPlainText(troublesToText(answer));
  const starting = answer.troubles?.some(({ state }) => state === "starting") === true;
  const wait = starting ? " `codemode tools` waits for them." : "";
  const aside = missing === "" ? "" : terminal.styleOut("yellow", `${missing}${wait}`);
  if (results.length === 0)
    return `Nothing was found.${near === "" ? "" : ` Nearest: ${near}`}${aside === "" ? "" : ` ${aside}`}\n`;
  const blocks = results.map((hit) => toBlock(hit, terminal));
  if (types !== "") blocks.push(terminal.styleOut("gray", toPlainText(types)));
  if (near !== "") blocks.push(`${terminal.styleOut("gray", "Less well:")} ${near}`);
  if (total > results.length) {
    const counts = sources.map(({ name, matches }) => `${name} ${matches}`).join(", ");
    const shown = `${results.length} of ${total} shown (${toPlainText(counts)})`;
    blocks.push(terminal.styleOut("gray", `${shown}; refine the words or give --source.`));
  }
  if (aside !== "") blocks.push(aside);
  return `${blocks.join("\n\n")}\n`;
}

function toBlock({ path, effect, description, signature }: SearchHit, terminal: Terminal): string {
  const head = `${terminal.styleOut("bold", toPlainText(path))} ${showEffect(effect, terminal)}`;
  return [
    head,
    ...(description === "" ? [] : [`  ${toPlainText(description)}`]),
    ...(signature === "" ? [] : [terminal.styleOut("gray", `  ${toPlainText(signature)}`)]),
  ].join("\n");
}
