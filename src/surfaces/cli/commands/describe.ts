/**
 * `codemode describe`: what a model is told of one source, group, tool, named type or saved snippet.
 */
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import { createStatusLine } from "../status-line.ts";
import { toPlainText } from "../terminal.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Describe a source, a group, a tool, a named type or a saved snippet in full",
  examples: ["codemode describe github", "codemode describe github.issues.create"],
  args: {
    path: { type: "positional", required: true, description: "Its path, as search shows it" },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ path, config, json, log }, context) => {
    const { terminal, signal } = context;
    return withCodemode(context, { config, log, journal: "store" }, async ({ codemode }) => {
      using line = createStatusLine(terminal);
      line.set("starting sources");
      await codemode.catalog({ signal });
      const text = await codemode.describe(path.replace(/^tools\./, ""));
      line[Symbol.dispose]();
      terminal.out(json === true ? `${JSON.stringify({ text })}\n` : `${toPlainText(text)}\n`);
      return exitCodes.completed;
    });
  },
});
