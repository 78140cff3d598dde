/**
 * `codemode run`: one snippet from a file or standard input.
 */
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { statusToExitCode } from "../exit-codes.ts";
import { readInput } from "../read-input.ts";
import { followRun, showRun } from "../show-run.ts";
import { createStatusLine } from "../status-line.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Run a snippet",
  examples: [
    "codemode run report.ts",
    "echo 'return await tools.memory.read_graph({})' | codemode run - --json",
  ],
  args: {
    file: { type: "positional", required: true, description: "A TypeScript file, or - for standard input" },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ file, config, json, log }, context) => {
    const { terminal, signal, workingFolder } = context;
    const code = await readInput(file, workingFolder);
    return withCodemode(context, { config, log }, async ({ codemode }) => {
      using line = createStatusLine(terminal);
      line.set("starting sources");
      const follow = followRun(line, terminal);
      const { document } = await codemode.execute({
        code,
        signal,
        ...(json === true ? {} : { onEvent: follow }),
      });
      line[Symbol.dispose]();
      if (json === true) terminal.out(`${JSON.stringify(document)}\n`);
      else showRun(document, terminal);
      return statusToExitCode(document.status);
    });
  },
});
