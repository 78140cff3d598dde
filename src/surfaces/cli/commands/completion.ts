/**
 * `codemode completion`: the script by which a shell completes commands, tools and their flags.
 */
import { completionScript, lineToWords, shells } from "../../../client/completion-script.ts";
import { CodemodeError } from "../../../errors.ts";
import { defineCliCommand } from "../cli-command.ts";
import { completeWords } from "../complete-words.ts";
import { exitCodes } from "../exit-codes.ts";

export default defineCliCommand({
  description: "Print a script that completes commands, tools and flags in a shell",
  examples: [
    "source <(codemode completion bash)",
    "codemode completion fish > ~/.config/fish/completions/codemode.fish",
  ],
  args: {
    shell: {
      type: "positional",
      required: true,
      description: `${shells.join(", ")}; words is what scripts ask`,
    },
    line: { type: "string", description: "words: the line up to the cursor" },
  },
  run: async ({ shell, line }, context) => {
    const { terminal } = context;
    const known = shells.find((each) => each === shell);
    if (known !== undefined) {
      terminal.out(completionScript(known, "codemode"));
      return exitCodes.completed;
    }
    if (shell !== "words" || line === undefined)
      throw new CodemodeError("usage", `${JSON.stringify(shell)} is no shell that is known here.`, {
        hint: `Write one of ${shells.join(", ")}.`,
      });
    const [, ...words] = lineToWords(line);
    for (const each of await completeWords(words, context)) terminal.out(`${each}\n`);
    return exitCodes.completed;
  },
});
