/**
 * `codemode check`: type-checks a snippet without running it.
 */
import type { Diagnostic } from "../../../spec/check.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import { readInput } from "../read-input.ts";
import { createStatusLine } from "../status-line.ts";
import { toPlainText } from "../terminal.ts";
import type { Terminal } from "../terminal.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Type-check a snippet without running it",
  examples: ["codemode check report.ts"],
  args: {
    file: { type: "positional", required: true, description: "A TypeScript file, or - for standard input" },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ file, config, json, log }, context) => {
    const { terminal, workingFolder } = context;
    const code = await readInput(file, workingFolder);
    return withCodemode(context, { config, log }, async ({ codemode }) => {
      using line = createStatusLine(terminal);
      line.set("starting sources");
      const diagnostics = await codemode.check(code);
      line[Symbol.dispose]();
      const ok = diagnostics.every((diagnostic) => diagnostic.severity === "warn");
      if (json === true) terminal.out(`${JSON.stringify({ ok, diagnostics })}\n`);
      else showDiagnostics(diagnostics, { terminal, file });
      return ok ? exitCodes.completed : exitCodes.failed;
    });
  },
});

function showDiagnostics(
  diagnostics: readonly Diagnostic[],
  { terminal, file }: { readonly terminal: Terminal; readonly file: string },
): void {
  for (const { line, column, message, hint, severity } of diagnostics) {
    const style = severity === "warn" ? "yellow" : "red";
    terminal.out(`${file}:${line}:${column} ${terminal.styleOut(style, severity)} ${toPlainText(message)}\n`);
    if (hint !== undefined) terminal.out(`  ${toPlainText(hint)}\n`);
  }
  if (diagnostics.length === 0) terminal.out("No mistakes.\n");
}
