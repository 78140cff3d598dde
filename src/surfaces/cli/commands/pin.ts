/**
 * `codemode pin`: makes, of a code typed at the terminal, the line of the configuration that asks for it.
 */
import { CodemodeError } from "../../../errors.ts";
import { hashPin } from "../../../run/approval-pin.ts";
import { defineCliCommand, jsonArg } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";

export default defineCliCommand({
  description: "Make a code that answers will need, for approvals.pin of the configuration",
  examples: ["codemode pin"],
  args: { ...jsonArg },
  run: async ({ json }, { terminal }) => {
    const { readHidden } = terminal;
    if (readHidden === undefined)
      throw new CodemodeError("usage", "The code is typed at a terminal, and there is none.");
    const pin = await readHidden("A code that only you have: ");
    if (pin !== (await readHidden("The same again: ")))
      throw new CodemodeError("usage", "The two are not the same; nothing was made.");
    const approvals = { pin: await hashPin(pin) };
    if (json !== true)
      terminal.err("Put this into the configuration, and keep the file out of the agent's reach:\n");
    terminal.out(
      json === true ? `${JSON.stringify({ approvals })}\n` : `"approvals": ${JSON.stringify(approvals)}\n`,
    );
    return exitCodes.completed;
  },
});
