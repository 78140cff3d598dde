/**
 * `codemode init`: writes a first `codemode.json` from the servers that other clients already have.
 */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CodemodeError } from "../../../errors.ts";
import { configArg, defineCliCommand } from "../cli-command.ts";
import { rememberConsent } from "../config/consent.ts";
import { configFileName } from "../config/find-config.ts";
import { parseConfig } from "../config/parse-config.ts";
import { userFolders } from "../config/user-folders.ts";
import { exitCodes } from "../exit-codes.ts";
import { clientFiles } from "../import/client-files.ts";
import { mergeServers } from "../import/merge-servers.ts";
import type { MergedServer } from "../import/merge-servers.ts";
import { readClientServers } from "../import/read-client-servers.ts";
import { toConfigText } from "../import/to-config-text.ts";
import { toPlainText } from "../terminal.ts";

const schemaBeside = "node_modules/codemode/schema/codemode.schema.json";

export default defineCliCommand({
  description: "Write codemode.json, with the servers of Claude, Cursor, VS Code and Codex found here",
  examples: ["codemode init", "codemode init --print"],
  args: {
    force: { type: "boolean", description: "Replace a file that is there" },
    print: { type: "boolean", description: "Print the file instead of writing it" },
    ...configArg,
  },
  run: async ({ force, print, config }, { terminal, host, workingFolder }) => {
    const file = resolve(workingFolder, config ?? configFileName);
    if (print !== true && force !== true && existsSync(file)) {
      throw new CodemodeError("usage", `${file} exists already.`, {
        hint: "Replace it with --force, or look first with --print.",
      });
    }
    const found = await Promise.all(
      clientFiles(host, workingFolder).map((place) => readClientServers(place, workingFolder)),
    );
    const servers = mergeServers(found.flatMap((each) => each.servers));
    const schema = existsSync(join(workingFolder, schemaBeside)) ? `./${schemaBeside}` : undefined;
    const text = toConfigText(servers, { schema });
    parseConfig(text, file);
    for (const { problem } of found) if (problem !== undefined) terminal.err(`${toPlainText(problem)}\n`);
    if (print === true) terminal.out(text);
    else {
      await writeFile(file, text, { flag: force === true ? "w" : "wx", mode: 0o644 });
      // Who has just had it written has agreed to it.
      await rememberConsent({ file, source: text, stateFolder: userFolders(host).state });
      terminal.err(`Wrote ${file}\n`);
    }
    terminal.err(toPlainText(describeServers(servers)));
    return exitCodes.completed;
  },
});

function describeServers(servers: readonly MergedServer[]): string {
  if (servers.length === 0) return "No servers of other clients were found, so it has one example.\n";
  const lines = servers.map(({ name, client, variables }) => {
    const needs = variables.length === 0 ? "" : ` (set ${variables.join(", ")})`;
    return `  ${name} from ${client}${needs}\n`;
  });
  return [...lines, "Next: codemode doctor\n"].join("");
}
