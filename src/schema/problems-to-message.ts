/**
 * Turns the problems of a call into the two sentences a model corrects itself by: what is wrong, and the
 * parameters that exist.
 */
import { listParameters, type Parameter, type ToolInput } from "./list-parameters.ts";
import { cut, type ValidationProblem } from "./validation-problem.ts";

export interface ProblemsMessage {
  /** At most 330 characters. */
  readonly message: string;
  /** The tool's parameters with their types, at most 270 characters. */
  readonly hint: string;
}

const messageLength = 330;
const hintLength = 270;
const maxShown = 4;

/** `tool.path` names the tool in the message. */
export function problemsToMessage(
  problems: readonly ValidationProblem[],
  tool: ToolInput & { readonly path: string },
): ProblemsMessage {
  const start = `${cut(tool.path, 80)} was given wrong arguments: `;
  const lines = problems.slice(0, maxShown).map(problemToText);
  // Room for ", and 20 more" and the full stop is kept.
  const room = messageLength - 20;
  let message = start + cut(lines[0] ?? "they do not fit its schema", room - start.length);
  let shown = Math.min(1, lines.length);
  for (const line of lines.slice(1)) {
    if (message.length + line.length + 2 > room) break;
    message += `; ${line}`;
    shown += 1;
  }
  const rest = problems.length - shown;
  return {
    message: `${message}${rest > 0 ? `; and ${rest} more` : ""}.`,
    hint: describeParameters(listParameters(tool).parameters),
  };
}

function problemToText({ message, hint }: ValidationProblem): string {
  return hint === undefined ? message : `${message} (${hint})`;
}

function describeParameters(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return "It takes no parameters that are known.";
  let text = "Parameters: ";
  for (const [index, { name, type, required }] of parameters.entries()) {
    const part = `${index === 0 ? "" : ", "}${cut(name, 40)}${required ? "" : "?"}: ${cut(type, 60)}`;
    if (text.length + part.length > hintLength - 15) return `${text}, … ${parameters.length - index} more.`;
    text += part;
  }
  return `${text}.`;
}
