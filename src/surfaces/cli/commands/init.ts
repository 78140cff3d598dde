/**
 * `codemode init`: writes a first `codemode.json` from the servers that other clients already have, and looks at what
 * they say of their tools.
 */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CodemodeError, toCodemodeError } from "../../../errors.ts";
import { configArg, defineCliCommand } from "../cli-command.ts";
import type { CliContext } from "../cli-command.ts";
import { rememberConsent, requireConsent } from "../config/consent.ts";
import { configFileName } from "../config/find-config.ts";
import { parseConfig } from "../config/parse-config.ts";
import { userFolders } from "../config/user-folders.ts";
import type { HostPlace } from "../config/user-folders.ts";
import { exitCodes } from "../exit-codes.ts";
import { clientFiles, folderFiles, userFiles } from "../import/client-files.ts";
import { mergeServers } from "../import/merge-servers.ts";
import type { MergedServer } from "../import/merge-servers.ts";
import { readClientServers } from "../import/read-client-servers.ts";
import { toConfigText } from "../import/to-config-text.ts";
import { lookAtSources } from "../look-at-sources.ts";
import { toPlainText } from "../terminal.ts";

const schemaBeside = "node_modules/codemode/schema/codemode.schema.json";

export default defineCliCommand({
  description: "Write codemode.json, with the servers of Claude, Cursor, VS Code and Codex found here",
  examples: ["codemode init", "codemode init --print"],
  args: {
    force: { type: "boolean", description: "Replace a file that is there" },
    print: { type: "boolean", description: "Print the file instead of writing it, and start nothing" },
    ...configArg,
  },
  run: async ({ force, print, config }, context) => {
    const { terminal, host, workingFolder } = context;
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
      terminal.err(`Wrote ${file}\n`);
      const agreed = await isAgreed(text, { file, servers, context });
      if (agreed && servers.length > 0) await propose({ file, servers, schema, text }, context);
      if (!agreed)
        terminal.err(
          `Some servers came with this folder, so nothing was started and nothing is agreed to: look at ${toPlainText(file)} first.\n`,
        );
    }
    terminal.err(toPlainText(describeServers(servers, host.env)));
    return exitCodes.completed;
  },
});

/**
 * Who has had their own servers written has agreed to them. Those of a file in the working folder came with whatever
 * was cloned there, and are asked about as the configuration itself would be.
 */
async function isAgreed(
  source: string,
  {
    file,
    servers,
    context: { terminal, host, workingFolder },
  }: { readonly file: string; readonly servers: readonly MergedServer[]; readonly context: CliContext },
): Promise<boolean> {
  const own = new Set(userFiles(host).map((each) => each.file));
  const strange = folderFiles(workingFolder).some(
    (place) => !own.has(place.file) && servers.some((server) => server.file === place.file),
  );
  const { config } = parseConfig(source, file);
  const request = { file, source, config, stateFolder: userFolders(host).state, env: host.env };
  if (!strange) {
    await rememberConsent(request);
    return true;
  }
  try {
    await requireConsent({ ...request, ask: terminal.ask });
    return true;
  } catch (thrown) {
    if (toCodemodeError(thrown).code !== "config_consent_required") throw thrown;
    return false;
  }
}

interface Written {
  readonly file: string;
  readonly servers: readonly MergedServer[];
  readonly schema: string | undefined;
  readonly text: string;
}

/** Looks at what the servers say of their tools, and writes what they leave unsaid. */
async function propose({ file, servers, schema, text }: Written, context: CliContext): Promise<void> {
  const { terminal, host } = context;
  const { unstated, silent } = await lookAtSources(file, context);
  for (const { name, reason } of silent)
    terminal.err(`  ${toPlainText(`${name} could not be asked what its tools do: ${reason}`)}\n`);
  const proposed = toConfigText(servers, { schema, unstated });
  if (proposed === text) return;
  await writeFile(file, proposed);
  const { config } = parseConfig(proposed, file);
  const stateFolder = userFolders(host).state;
  await rememberConsent({ file, source: proposed, config, stateFolder, env: host.env });
  const named = Object.keys(unstated).join(", ");
  terminal.err(
    `  Some tools of ${toPlainText(named)} do not say what they do: look through "sources" in the file.\n`,
  );
}

function describeServers(servers: readonly MergedServer[], env: HostPlace["env"]): string {
  if (servers.length === 0) return "No servers of other clients were found, so it has one example.\n";
  const lines = servers.map(({ name, client, variables }) => {
    const unset = variables.filter((variable) => env[variable] === undefined);
    const set = variables.filter((variable) => env[variable] !== undefined);
    const needs = [
      ...(unset.length === 0 ? [] : [`set ${unset.join(", ")}`]),
      ...(set.length === 0 ? [] : [`uses ${set.join(", ")}, which is set here`]),
    ];
    return `  ${name} from ${client}${needs.length === 0 ? "" : ` (${needs.join("; ")})`}\n`;
  });
  return [...lines, "Next: codemode doctor\n"].join("");
}
