/**
 * Makes one value of the answer to a call: what the server sent as data, else what its text says, else its
 * content as it is. A failure that the tool reports becomes an error with the tool's own words.
 */
import { CallError } from "../../call-error.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { Value } from "../../spec/value.ts";
import { contentToValue, type ContentValue } from "./content-to-value.ts";
import { jsonToValue } from "./json-to-value.ts";
import { pointerStep } from "../../json/restore-numbers.ts";
import { cutMessage } from "./to-tool-error.ts";
import { rememberUpstreamResult } from "./upstream-result.ts";

interface ResultSetting {
  readonly source: string;
  readonly tool: string;
  /** Levels of nesting that the value may have. */
  readonly depth: number;
  /** JSON pointers, into the answer, of numbers that are not what the server wrote. */
  readonly inexact?: readonly string[];
}

export interface ReadResult {
  readonly value: Value;
  /** JSON pointers of numbers in the value that are not what the server wrote. */
  readonly inexact: readonly string[];
}

/**
 * `structuredContent` where there is any; else the one content block; else the array of all blocks;
 * `undefined` when there is none. Throws `tool_failed` and `tool_result_invalid`.
 */
export function resultToValue(
  result: { readonly [key: string]: unknown },
  setting: ResultSetting,
): ReadResult {
  const read = toValue(result, setting);
  rememberUpstreamResult(read.value, result);
  return read;
}

function toValue(result: { readonly [key: string]: unknown }, setting: ResultSetting): ReadResult {
  const blocks = toBlocks(result, setting);
  const structured = result["structuredContent"];
  if (result["isError"] === true) throw toToolFailure(blocks, structured, setting);
  const member = (name: string): ReadResult => ({
    value: jsonToValue(result[name], setting),
    inexact: below(`/${name}`, setting.inexact),
  });
  if (structured !== undefined && structured !== null) return member("structuredContent");
  if ("toolResult" in result && blocks.length === 0) return member("toolResult");
  const values = blocks.map(({ value }) => value);
  const own = below("/content", setting.inexact);
  if (values.length <= 1)
    return { value: values[0], inexact: [...(blocks[0]?.inexact ?? []), ...below("/0", own)] };
  const inTexts = blocks.flatMap(({ inexact = [] }, at) => inexact.map((each) => pointerStep(at) + each));
  return { value: values, inexact: [...inTexts, ...own] };
}

/** Those of the pointers that lead below `start`, as seen from there; one that stands for all stays. */
function below(start: string, pointers: readonly string[] = []): readonly string[] {
  return pointers.flatMap((pointer) => {
    if (pointer === "") return [""];
    return pointer === start || pointer.startsWith(`${start}/`) ? [pointer.slice(start.length)] : [];
  });
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
