/**
 * `codemode snippets <action>`: programs kept under a name.
 */
import { CodemodeError } from "../../../errors.ts";
import type { Codemode } from "../../../spec/codemode.ts";
import type { JsonSchema } from "../../../spec/value.ts";
import type { SavedSnippet } from "../../../spec/workspace.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import type { CliContext } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import type { ExitCode } from "../exit-codes.ts";
import { finishRun } from "../finish-run.ts";
import { readInput } from "../read-input.ts";
import { readJson } from "../read-json.ts";
import { showSnippet, showSnippetList } from "../show-snippets.ts";
import { toPlainText } from "../terminal.ts";
import { withCodemode } from "../with-codemode.ts";

const actions = ["save", "list", "show", "run", "remove", "accept", "reject", "export", "import"] as const;
/** Characters of a hash that tell one proposal from another. */
const shownHash = 12;
type Action = (typeof actions)[number];

interface Given {
  readonly action: Action;
  /** A name; for `import` a file. */
  readonly name: string;
  readonly from: string | undefined;
  readonly file: string | undefined;
  readonly description: string | undefined;
  readonly input: string | undefined;
  readonly schema: string | undefined;
  readonly hash: string | undefined;
  readonly json: boolean | undefined;
}

export default defineCliCommand({
  description: "Keep programs under a name: save, list, show, run, accept, export, …",
  examples: [
    'codemode snippets save open-issues --from run_mwpvix5s771a4bfc --description "Open issues of a repository"',
    `codemode snippets run open-issues --input '{"repo":"codemode"}'`,
    "codemode snippets export open-issues > open-issues.snippet.ts",
    "codemode snippets import open-issues.snippet.ts",
    "codemode snippets accept open-issues",
  ],
  args: {
    action: { type: "positional", required: true, description: actions.join(", ") },
    name: { type: "positional", required: false, description: "Its name; for import a file, or -" },
    from: { type: "string", valueHint: "run", description: "save: the completed run to take the code from" },
    file: { type: "string", valueHint: "file", description: "save: the file to take the code from, or -" },
    description: { type: "string", description: "save: what it does, in one line" },
    "input-schema": {
      type: "string",
      valueHint: "json|@file",
      description: "save: what its input must be. Default: what the type of its parameter says",
    },
    input: { type: "string", valueHint: "json|@file|-", description: "run: its input" },
    hash: {
      type: "string",
      valueHint: "hash",
      description: "accept: the proposal that was looked at, as accept and list show it",
    },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ action, name = "", config, log, "input-schema": schema, ...given }, context) => {
    const known = actions.find((each) => each === action);
    if (known === undefined || (name === "" && known !== "list"))
      throw new CodemodeError(
        "usage",
        known === undefined
          ? `${JSON.stringify(action)} is nothing that can be done with snippets.`
          : `codemode snippets ${known} needs a name.`,
        { hint: `codemode snippets ${actions.join("|")} <name>` },
      );
    return withCodemode(context, { config, run: given.from, log, journal: "store" }, ({ codemode }) =>
      act({ ...given, action: known, name, schema }, codemode, context),
    );
  },
});

async function act(given: Given, codemode: Codemode, context: CliContext): Promise<ExitCode> {
  const { action, name, json, input } = given;
  const { terminal, workingFolder } = context;
  switch (action) {
    case "run": {
      const value = input === undefined ? undefined : await readJson("--input", input, workingFolder);
      const code = codemode.snippets.program({ name, input: value });
      return finishRun((request) => codemode.execute({ ...request, code }), {
        context,
        codemode,
        json,
        status: `running ${name}`,
      });
    }
    case "list": {
      const snippets = await codemode.snippets.list();
      if (json === true) terminal.out(`${JSON.stringify({ snippets })}\n`);
      else showSnippetList(snippets, terminal);
      return exitCodes.completed;
    }
    case "show": {
      const snippet = await codemode.snippets.show({ name });
      if (json === true) terminal.out(`${JSON.stringify(snippet)}\n`);
      else showSnippet(snippet, terminal);
      return exitCodes.completed;
    }
    case "export":
      terminal.out(await codemode.snippets.exportFile({ name }));
      return exitCodes.completed;
    case "remove":
    case "reject":
      await codemode.snippets[action]({ name });
      terminal.out(
        json === true
          ? `${JSON.stringify({ name })}\n`
          : `${name} ${action === "remove" ? "removed" : "rejected"}\n`,
      );
      return exitCodes.completed;
    case "accept":
      return accept(given, codemode, context);
    case "import": {
      const text = await readInput(name, workingFolder);
      return kept(await codemode.snippets.importFile({ text }), given, context);
    }
    case "save":
      return kept(await save(given, codemode, workingFolder), given, context);
  }
}

/**
 * Shows the proposal, and accepts exactly that one: where a person answers the question below it, or where its hash was
 * given by whoever has seen it before. One that was made since is another.
 */
async function accept({ hash, ...given }: Given, codemode: Codemode, context: CliContext): Promise<ExitCode> {
  const { name, json } = given;
  const { terminal } = context;
  const proposed = (await codemode.snippets.list()).find(
    (each) => each.name === name && each.status === "proposed",
  );
  if (proposed === undefined) await codemode.snippets.show({ name });
  if (proposed === undefined)
    throw new CodemodeError("approval_not_pending", `Nothing is proposed as ${name}.`, {
      hint: "codemode snippets list shows what is.",
    });
  const short = proposed.hash.slice(0, shownHash);
  if (json !== true || hash === undefined) showSnippet(proposed, terminal, "err");
  const command = `codemode snippets accept ${name} --hash ${short}`;
  if (hash !== undefined && (hash.length < shownHash || !proposed.hash.startsWith(hash)))
    throw new CodemodeError(
      "approval_not_pending",
      `What is proposed as ${name} by now, shown above, is not ${hash.slice(0, 64)}. Nothing was accepted.`,
      { hint: `To accept what is shown: ${command}` },
    );
  if (hash === undefined && terminal.ask === undefined)
    throw new CodemodeError("usage", `Nobody can be asked here whether to accept ${name}, shown above.`, {
      hint: `To accept what is shown: ${command}`,
    });
  if (hash === undefined && (await terminal.ask?.(`Accept this as ${name} v${proposed.version}?`)) !== true) {
    terminal.err(`${name} stays proposed.\n`);
    return exitCodes.paused;
  }
  return kept(await codemode.snippets.accept({ name, hash: proposed.hash }), { ...given, hash }, context);
}

async function save(
  { name, from, file, description, schema }: Given,
  codemode: Codemode,
  workingFolder: string,
): Promise<SavedSnippet> {
  if ((from === undefined) === (file === undefined))
    throw new CodemodeError("usage", "codemode snippets save takes --from <run> or --file <file>.");
  return codemode.snippets.save({
    name,
    ...(from === undefined ? {} : { from }),
    ...(file === undefined ? {} : { code: await readInput(file, workingFolder) }),
    ...(description === undefined ? {} : { description }),
    ...(schema === undefined
      ? {}
      : { input: (await readJson("--input-schema", schema, workingFolder)) as JsonSchema }),
  });
}

function kept(snippet: SavedSnippet, { json }: Given, { terminal }: CliContext): ExitCode {
  const { name, version, description } = snippet;
  terminal.out(
    json === true
      ? `${JSON.stringify(snippet)}\n`
      : `${name} v${version}: ${toPlainText(description)}\nRun it with codemode.run("${name}", …), or codemode snippets run ${name}.\n`,
  );
  return exitCodes.completed;
}
