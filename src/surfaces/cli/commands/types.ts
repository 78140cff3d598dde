/**
 * `codemode types`: the complete declarations, one `.d.ts` that compiles alone.
 */
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import { createStatusLine } from "../status-line.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Print the TypeScript declarations of all tools, or of those below a path",
  examples: ["codemode types > tools.d.ts", "codemode types github.issues"],
  args: {
    path: { type: "positional", required: false, description: "A source, a group or a tool" },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ path, config, json, log }, context) => {
    const { terminal, signal } = context;
    return withCodemode(context, { config, log }, async ({ codemode }) => {
      using line = createStatusLine(terminal);
      line.set("starting sources");
      await codemode.catalog({ signal });
      const declarations = await codemode.types(
        path === undefined ? undefined : path.replace(/^tools\./, ""),
      );
      line[Symbol.dispose]();
      terminal.out(json === true ? `${JSON.stringify({ declarations })}\n` : declarations);
      return exitCodes.completed;
    });
  },
});
