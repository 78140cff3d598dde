/**
 * `codemode tools`: every tool of every source, as the sources say now.
 */
import type { SourceOverview } from "../../../spec/codemode.ts";
import type { Catalog } from "../../../spec/tool.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import { showEffect } from "../show-effect.ts";
import { awaitSources, toStateWord } from "../show-sources.ts";
import { toPlainText } from "../terminal.ts";
import type { Terminal } from "../terminal.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "List all tools and the state of their sources",
  examples: ["codemode tools", "codemode tools --json"],
  args: { ...configArg, ...jsonArg, ...logArg },
  run: async ({ config, json, log }, context) => {
    const { terminal, signal } = context;
    return withCodemode(context, { config, log, dial: "background" }, async ({ codemode }) => {
      const catalog = await awaitSources(codemode, { terminal, signal });
      const sources = codemode.sources();
      if (json === true) terminal.out(`${JSON.stringify(toDocument(catalog, sources))}\n`);
      else show({ catalog, sources, terminal });
      return exitCodes.completed;
    });
  },
});

function toDocument(catalog: Catalog, sources: readonly SourceOverview[]): object {
  return {
    tools: [...catalog.tools.values()].map(({ path, source, effect, description, upstreamName }) => ({
      path,
      source,
      effect,
      description,
      upstreamName,
    })),
    sources: sources.map(({ name, status, tools }) => ({
      name,
      state: status.state,
      tools,
      ...(status.reason === undefined ? {} : { reason: status.reason }),
    })),
  };
}

interface Shown {
  readonly catalog: Catalog;
  readonly sources: readonly SourceOverview[];
  readonly terminal: Terminal;
}

function show({ catalog, sources, terminal }: Shown): void {
  for (const source of sources) {
    const reason = source.status.reason === undefined ? "" : ` ${toPlainText(source.status.reason)}`;
    terminal.out(`${terminal.styleOut("bold", source.name)} ${toStateWord(source, terminal)}${reason}\n`);
    for (const tool of catalog.tools.values()) {
      if (tool.source !== source.name) continue;
      const sentence = toPlainText(tool.description).split("\n", 1)[0]?.slice(0, 100) ?? "";
      terminal.out(
        `  ${tool.path} ${showEffect(tool.effect, terminal)} ${terminal.styleOut("gray", sentence)}\n`,
      );
    }
    for (const issue of source.issues) {
      if (issue.kind === "left_out")
        terminal.out(
          `  ${terminal.styleOut("yellow", "left out")} ${toPlainText(`${issue.upstreamName}: ${issue.reason}`)}\n`,
        );
    }
  }
}
