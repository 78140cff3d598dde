/**
 * Where the engines answer differently, as data: the table of docs/engines.md, one row each. An engine either
 * answers as the other or throws `unsupported`; only the texts of its own errors may differ without that.
 */
import type { Value } from "../../src/spec/value.ts";

type Answer = { readonly value: Value } | { readonly throws: string };

export interface EngineDifference {
  /** An expression in a snippet. */
  readonly code: string;
  readonly workerd: Answer;
  readonly quickjs: Answer;
}

const unsupported: Answer = { throws: "unsupported" };
const onlyWorkerd = (code: string, value: Value): EngineDifference => ({
  code,
  workerd: { value },
  quickjs: unsupported,
});

export const engineDifferences: readonly EngineDifference[] = [
  onlyWorkerd('(1234.5).toLocaleString("de")', "1.234,5"),
  onlyWorkerd("[1e6].toLocaleString()", "1,000,000"),
  onlyWorkerd("new Date(0).toLocaleDateString()", "1/1/1970"),
  onlyWorkerd('"ä".localeCompare("z", "sv")', 1),
  onlyWorkerd('"I".toLocaleLowerCase("tr")', "ı"),
  onlyWorkerd('new Intl.NumberFormat("en").format(1e6)', "1,000,000"),
  onlyWorkerd("new AbortController().signal.aborted", false),
  onlyWorkerd("new EventTarget() instanceof EventTarget", true),
  onlyWorkerd('new Blob(["ab"]).size', 2),
  onlyWorkerd('new Headers({ a: "1" }).get("a")', "1"),
  onlyWorkerd('new FormData().has("a")', false),
  onlyWorkerd("new ReadableStream().locked", false),
  onlyWorkerd('new URLPattern({ pathname: "/:x" }).test("https://a.b/c")', true),
  onlyWorkerd('new TextDecoder("latin1").encoding', "windows-1252"),
  onlyWorkerd("structuredClone(1, { transfer: [new ArrayBuffer(1)] })", 1),
  { code: 'new Function("return 1")()', workerd: { throws: "snippet_threw" }, quickjs: unsupported },
  {
    code: "(() => { try { null.x } catch (e) { return e.message } })()",
    workerd: { value: "Cannot read properties of null (reading 'x')" },
    quickjs: { value: "cannot read property 'x' of null" },
  },
  {
    code: "(() => { try { [].nope() } catch (e) { return e.message } })()",
    workerd: { value: "[].nope is not a function" },
    quickjs: { value: "not a function" },
  },
  {
    code: 'new Error("x").stack.startsWith("Error: x")',
    workerd: { value: true },
    quickjs: { value: false },
  },
];

/** `| code | workerd | quickjs |` */
export function differenceToRow({ code, workerd, quickjs }: EngineDifference): string {
  return `| \`${code.replaceAll("|", "\\|")}\` | ${answerToText(workerd)} | ${answerToText(quickjs)} |`;
}

function answerToText(answer: Answer): string {
  return "throws" in answer ? `throws \`${answer.throws}\`` : `\`${JSON.stringify(answer.value)}\``;
}
