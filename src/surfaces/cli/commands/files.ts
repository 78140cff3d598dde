/**
 * `codemode files <action>`: what runs share, and what they left that was too long for an answer.
 */
import { readFile, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { CodemodeError } from "../../../errors.ts";
import type { Codemode } from "../../../spec/codemode.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import type { CliContext } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import type { ExitCode } from "../exit-codes.ts";
import { toPlainText } from "../terminal.ts";
import { withCodemode } from "../with-codemode.ts";

const actions = ["list", "cat", "put", "get", "rm", "search"] as const;
type Action = (typeof actions)[number];

interface Given {
  readonly action: Action;
  /** A path; for `list` a glob, for `search` a text, for `put` a file of this machine. */
  readonly name: string;
  /** For `put` the path, for `get` the file. */
  readonly to: string | undefined;
  readonly mime: string | undefined;
  readonly glob: string | undefined;
  readonly regex: boolean | undefined;
  readonly json: boolean | undefined;
}

export default defineCliCommand({
  description: "Files that runs share: list, cat, put, get, rm, search",
  examples: [
    "codemode files list 'runs/*'",
    "codemode files cat runs/run_mwpvix5s771a4bfc/result.json | jq length",
    "codemode files put ./orders.csv data/orders.csv",
    "codemode files get data/orders.csv ./copy.csv",
    "codemode files search overdue --glob '*.csv'",
  ],
  args: {
    action: { type: "positional", required: true, description: actions.join(", ") },
    name: {
      type: "positional",
      required: false,
      description: "Its path; for put a file of this machine or -, for list a glob, for search a text",
    },
    to: {
      type: "positional",
      required: false,
      description: "put: its path. Default: the file's own name; get: the file to write",
    },
    mime: { type: "string", valueHint: "type", description: "put: its media type" },
    glob: { type: "string", description: "search: the paths to look at" },
    regex: { type: "boolean", description: "search: the text is a regular expression" },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ action, name = "", config, log, ...given }, context) => {
    const known = actions.find((each) => each === action);
    if (known === undefined || (name === "" && known !== "list"))
      throw new CodemodeError(
        "usage",
        known === undefined
          ? `${JSON.stringify(action)} is nothing that can be done with files.`
          : `codemode files ${known} needs a name.`,
        { hint: `codemode files ${actions.join("|")} <name>` },
      );
    return withCodemode(context, { config, log, journal: "store", sources: "none" }, ({ codemode }) =>
      act({ ...given, action: known, name }, codemode, context),
    );
  },
});

async function act(given: Given, { files }: Codemode, context: CliContext): Promise<ExitCode> {
  const { action, name, to, mime, glob, regex, json } = given;
  const { terminal, workingFolder } = context;
  const show = (document: object, text: string): ExitCode => {
    terminal.out(json === true ? `${JSON.stringify(document)}\n` : text);
    return exitCodes.completed;
  };
  switch (action) {
    case "list": {
      const found = await files.list(name === "" ? {} : { glob: name });
      const lines = found.map(
        ({ path, bytes, mime: type, modifiedAt }) =>
          `${new Date(modifiedAt).toISOString()}  ${String(bytes).padStart(12)}  ${path}  (${toPlainText(type)})\n`,
      );
      return show({ files: found }, lines.join(""));
    }
    case "cat": {
      const { content } = await files.read({ path: name });
      process.stdout.write(content);
      return exitCodes.completed;
    }
    case "get": {
      const { entry, content } = await files.read({ path: name });
      const file = resolve(workingFolder, to ?? basename(entry.path));
      await writeFile(file, content, { flag: "wx" }).catch((cause: unknown) => {
        throw unusable(file, "written", cause);
      });
      return show({ ...entry, file }, `${file}: ${entry.bytes} bytes\n`);
    }
    case "put": {
      const file = resolve(workingFolder, name);
      const content =
        name === "-"
          ? await buffer(process.stdin)
          : await readFile(file).catch((cause: unknown) => {
              throw unusable(file, "read", cause);
            });
      const path = to ?? basename(file);
      const entry = await files.write({ path, content, ...(mime === undefined ? {} : { mime }) });
      return show(entry, `${entry.path}: ${entry.bytes} bytes\n`);
    }
    case "rm": {
      const entry = await files.remove({ path: name });
      return show(entry, `${entry.path} removed\n`);
    }
    case "search": {
      const answer = await files.search({
        text: name,
        ...(glob === undefined ? {} : { glob }),
        regex: regex === true,
      });
      const lines = answer.hits.map(({ path, line, text }) => `${path}:${line}: ${toPlainText(text)}\n`);
      return show(answer, `${lines.join("")}${answer.truncated ? "… and more\n" : ""}`);
    }
  }
}

function unusable(file: string, what: string, cause: unknown): CodemodeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CodemodeError("usage", `${file} cannot be ${what}: ${reason}.`, { cause });
}
