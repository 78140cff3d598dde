/**
 * Makes one value of the answer to a call: what the server sent as data, else what its text says, else its
 * content as it is. A failure that the tool reports becomes an error with the tool's own words.
 */
import { CallError } from "../../call-error.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { Value } from "../../spec/value.ts";
import { contentToValue, type ContentValue } from "./content-to-value.ts";
import { jsonToValue } from "./json-to-value.ts";
import { cutMessage } from "./to-tool-error.ts";
import { rememberUpstreamResult } from "./upstream-result.ts";

interface ResultSetting {
  readonly source: string;
  readonly tool: string;
  /** Levels of nesting that the value may have. */
  readonly depth: number;
}

/**
 * `structuredContent` where there is any; else the one content block; else the array of all blocks;
 * `undefined` when there is none. Throws `tool_failed` and `tool_result_invalid`.
 */
export function resultToValue(result: { readonly [key: string]: unknown }, setting: ResultSetting): Value {
  const value = toValue(result, setting);
  rememberUpstreamResult(value, result);
  return value;
}

function toValue(result: { readonly [key: string]: unknown }, setting: ResultSetting): Value {
  const blocks = toBlocks(result, setting);
  const structured = result["structuredContent"];
  if (result["isError"] === true) throw toToolFailure(blocks, structured, setting);
  if (structured !== undefined && structured !== null) return jsonToValue(structured, setting);
  if ("toolResult" in result && blocks.length === 0) return jsonToValue(result["toolResult"], setting);
  const values = blocks.map(({ value }) => value);
  return values.length > 1 ? values : values[0];
}

function toBlocks(result: { readonly [key: string]: unknown }, setting: ResultSetting): ContentValue[] {
  const { content } = result;
  if (Array.isArray(content)) return content.map((block: unknown) => contentToValue(block, setting));
  if (typeof content === "string") return [contentToValue({ type: "text", text: content }, setting)];
  if (isRecord(content)) return [contentToValue(content, setting)];
  const hasOther = "structuredContent" in result || "toolResult" in result;
  if ((content === undefined || content === null) && (hasOther || result["isError"] === true)) return [];
  throw new CallError(
    "tool_result_invalid",
    `"${setting.source}" answered the call of ${setting.tool} without any content.`,
    {
      hint: "The call has been made; its answer is lost.",
      outcome: "failed",
    },
  );
}

function toToolFailure(
  blocks: readonly ContentValue[],
  structured: unknown,
  setting: ResultSetting,
): CallError {
  const said = blocks
    .flatMap(({ text }) => (text === undefined || text.trim() === "" ? [] : [text]))
    .join("\n");
  const message = said === "" ? statedMessage(structured, setting.tool) : said;
  const values = blocks.map(({ value }) => value);
  const data =
    structured === undefined || structured === null
      ? values.length > 1
        ? values
        : values[0]
      : jsonToValue(structured, setting);
  return new CallError("tool_failed", cutMessage(message), { outcome: "failed", data });
}

function statedMessage(structured: unknown, tool: string): string {
  if (isRecord(structured)) {
    for (const key of ["message", "error", "detail"]) {
      const text = structured[key];
      if (typeof text === "string" && text !== "") return text;
    }
  }
  return `${tool} failed without saying why.`;
}
