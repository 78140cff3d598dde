/**
 * Reads what `codemode.confirm(…)` and `codemode.input(…)` ask: a message for a person and the JSON Schema of the
 * answer. The same reading serves the call and, later, whoever shows the question from the journal.
 */
import { CodemodeError } from "../../errors.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { Json, Value } from "../../spec/value.ts";
import { showHidden } from "../../show-hidden.ts";
import { valueToJson } from "../value-to-json.ts";

export interface Question {
  /** Words of the snippet, with all that could hide or act on a terminal made visible. */
  readonly message: string;
  /** JSON Schema of the answer, as the snippet wrote it: answers are checked by it. */
  readonly schema: Json;
}

const mostMessage = 4_000;
const mostSchema = 16_384;

const usages: { readonly [path: string]: string } = {
  confirm: 'codemode.confirm("Send it to all 40?")',
  input: 'codemode.input({ message: "Which region?", schema: { type: "string", enum: ["eu", "us"] } })',
};

/** Throws `usage` for what is no question, and `value_too_large` for one too long to be shown. */
export function readQuestion(path: string, [first]: readonly Value[]): Question {
  const fields: { readonly [key: string]: unknown } = isRecord(first) ? first : {};
  const message = typeof first === "string" ? first : fields["message"];
  if (typeof message !== "string" || message.trim() === "") throw misused(path, "a message, some words");
  if (message.length > mostMessage)
    throw new CodemodeError(
      "value_too_large",
      `The message of codemode.${path} has ${message.length} characters; a person is shown at most ${mostMessage}.`,
      { hint: "Say in a few lines what is asked, and log the rest." },
    );
  if (path === "confirm") return { message: showHidden(message), schema: { type: "boolean" } };
  return { message: showHidden(message), schema: toSchema(path, fields["schema"] as Value) };
}

/** Text, unless the snippet says otherwise. */
function toSchema(path: string, given: Value): Json {
  if (given === undefined) return { type: "string" };
  if (!isRecord(given)) throw misused(path, "a JSON Schema, an object, as `schema`");
  const schema = valueToJson(given);
  const size = JSON.stringify(schema).length;
  if (size <= mostSchema) return schema;
  throw new CodemodeError(
    "value_too_large",
    `The schema of codemode.${path} has ${size} characters; at most ${mostSchema} are taken.`,
    { hint: "Ask for fewer fields at once." },
  );
}

function misused(path: string, what: string): CodemodeError {
  return new CodemodeError("usage", `codemode.${path} takes ${what}.`, {
    hint: `Call it as ${usages[path] ?? path}.`,
  });
}
