/**
 * Validates the arguments of calls, with one validator per tool, made when the tool is first called.
 */
import { CodemodeError } from "../errors.ts";
import { createArgumentsValidator, type ArgumentsValidator } from "../schema/arguments-validator.ts";
import { problemsToMessage } from "../schema/problems-to-message.ts";
import type { CatalogSource, Tool } from "../spec/tool.ts";
import type { Value } from "../spec/value.ts";

/** The returned function throws `tool_arguments_invalid`, saying what was wrong and which parameters exist. */
export function createArgumentsCheck(
  sourceOf: (tool: Tool) => CatalogSource,
): (tool: Tool, args: Value) => void {
  const validators = new WeakMap<Tool, ArgumentsValidator>();
  return (tool, args) => {
    let validator = validators.get(tool);
    if (validator === undefined) {
      validator = createArgumentsValidator({ input: tool.input, definitions: sourceOf(tool).definitions });
      validators.set(tool, validator);
    }
    const problems = validator(args);
    if (problems.length === 0) return;
    const { definitions } = sourceOf(tool);
    const { message, hint } = problemsToMessage(problems, {
      path: tool.path,
      input: tool.input,
      definitions,
    });
    throw new CodemodeError("tool_arguments_invalid", message, { hint });
  };
}
