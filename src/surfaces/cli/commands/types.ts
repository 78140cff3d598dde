/**
 * `codemode types`: the complete declarations, one `.d.ts` that compiles alone; with `--out` as a module, for
 * `createCodemode<Tools>()`.
 */
import { resolve } from "node:path";
import { catalogBelow } from "../../../catalog/catalog-below.ts";
import { writeDeclarations } from "../../../generate/write-declarations.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import { createStatusLine } from "../status-line.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Print the TypeScript declarations of all tools, or of those below a path",
  examples: [
    "codemode types > tools.d.ts",
    "codemode types github.issues",
    "codemode types --out src/tools.d.ts",
  ],
  args: {
    path: { type: "positional", required: false, description: "A source, a group or a tool" },
    out: {
      type: "string",
      valueHint: "file",
      description: "Write them as a module that exports Tools, for createCodemode<Tools>()",
    },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ path, out, config, json, log }, context) => {
    const { terminal, signal } = context;
    return withCodemode(context, { config, log }, async ({ codemode }) => {
      using line = createStatusLine(terminal);
      line.set("starting sources");
      const catalog = await codemode.catalog({ signal });
      const below = path?.replace(/^tools\./, "");
      if (out !== undefined) {
        const file = resolve(context.workingFolder, out);
        await writeDeclarations(file, catalogBelow(catalog, below).sources);
        line[Symbol.dispose]();
        terminal.out(json === true ? `${JSON.stringify({ file })}\n` : `${file}\n`);
        return exitCodes.completed;
      }
      const declarations = await codemode.types(below);
      line[Symbol.dispose]();
      terminal.out(json === true ? `${JSON.stringify({ declarations })}\n` : declarations);
      return exitCodes.completed;
    });
  },
});
