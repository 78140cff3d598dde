/**
 * Finds the sentence in an error body that a person would read first. APIs put it in a few well-known places.
 */
import { isRecord } from "../../schema/is-record.ts";
import type { Value } from "../../spec/value.ts";

const maxLength = 500;

/** One line; `undefined` when the body says nothing. */
export function errorText(body: Value): string | undefined {
  const found = findText(body, 0);
  if (found === undefined) return undefined;
  const line = found
    .replaceAll(/<[^>]{0,200}>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  if (line === "") return undefined;
  return line.length <= maxLength ? line : `${line.slice(0, maxLength)}…`;
}

const keys = [
  "message",
  "error_description",
  "detail",
  "error",
  "title",
  "errorMessages",
  "errors",
  "messages",
  "reason",
  "fault",
  "msg",
  "description",
];

function findText(body: unknown, depth: number): string | undefined {
  if (typeof body === "string") return body.trim() === "" ? undefined : body.slice(0, 4 * maxLength);
  if (depth > 3) return undefined;
  if (Array.isArray(body)) {
    const texts = body.slice(0, 3).flatMap((item) => findText(item, depth + 1) ?? []);
    return texts.length === 0 ? undefined : texts.join("; ");
  }
  if (!isRecord(body)) return undefined;
  const text = keys.map((key) => findText(body[key], depth + 1)).find((one) => one !== undefined);
  return text === undefined || depth > 0 ? (text ?? fieldErrors(body)) : withDetails(text, body);
}

/** `{ "name": "is required" }`, as Jira and Rails answer. */
function fieldErrors(body: { readonly [key: string]: unknown }): string | undefined {
  const texts = Object.entries(body)
    .filter((entry): entry is [string, string] => typeof entry[1] === "string")
    .slice(0, 5)
    .map(([field, text]) => `${field}: ${text}`);
  return texts.length === 0 ? undefined : texts.join("; ");
}

/** `message: "Validation Failed"` says little without the `errors` beside it. */
function withDetails(text: string, body: { readonly [key: string]: unknown }): string {
  const details = findText(body["errors"], 1);
  return details === undefined || text.includes(details) || details.includes(text)
    ? text
    : `${text} (${details})`;
}
