/**
 * Runs a command of a manual. Arguments go into its environment, never into its text: a value can be no part of a
 * command, whatever it holds. The command itself is the manual's, which is why an operator has to allow them.
 */
import { startProcess } from "../../child-process/start-process.ts";
import { CallError } from "../../call-error.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { Secrets } from "../../redact/create-secrets.ts";
import type { CallContext } from "../../spec/source.ts";
import { parseExact, type ParsedExactly } from "../../json/parse-exact.ts";
import { printExact } from "../../json/print-exact.ts";
import type { Value } from "../../spec/value.ts";

/** The script of a template, its placeholders as variables of a shell; nothing when there is none. */
export function toScript({
  commands,
  command_name: single,
}: {
  readonly [key: string]: unknown;
}): string | undefined {
  const lines = Array.isArray(commands)
    ? commands.flatMap((each) =>
        isRecord(each) && typeof each["command"] === "string" ? [each["command"]] : [],
      )
    : typeof single === "string"
      ? [single]
      : [];
  if (lines.length === 0) return undefined;
  return lines.map((line) => line.replaceAll(/UTCP_ARG_(\w+?)_UTCP_END/g, "${UTCP_ARG_$1}")).join("\n");
}

export interface Command {
  readonly script: string;
  readonly args: Value;
  readonly folder: string | undefined;
  /** Values that the template sets, already filled. */
  readonly env: { readonly [name: string]: string };
  /** Taken out of what it complains of before that is cut. */
  readonly secrets: Secrets;
}

/** Answers with what it printed, read as JSON where it is. Throws `tool_failed` and `tool_result_invalid`. */
export async function runCommand(
  { script, args, folder, env, secrets }: Command,
  context: CallContext,
): Promise<ParsedExactly> {
  if (context.signal.aborted)
    throw new CallError("run_cancelled", "The command was cancelled.", { outcome: "not_sent" });
  const given = Object.entries(isRecord(args) ? args : {}).map(([name, value]) => [
    `UTCP_ARG_${name}`,
    toText(value),
  ]);
  context.leaving?.();
  const child = startProcess("/bin/sh", ["-eu", "-c", script], {
    ...(folder === undefined ? {} : { cwd: folder }),
    env: { PATH: process.env["PATH"] ?? "", ...env, ...Object.fromEntries(given) },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const end = (): void => {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has just ended by itself.
    }
  };
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(context.timeoutMs)]);
  signal.addEventListener("abort", end, { once: true });
  const parts: Buffer[] = [];
  let bytes = 0;
  let complaint = "";
  child.stdout.on("data", (part: Buffer) => {
    bytes += part.length;
    if (bytes <= context.maxResultBytes) parts.push(part);
    else end();
  });
  child.stderr.on("data", (part: Buffer) => {
    complaint = (complaint + part.toString()).slice(-2_000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (cause) =>
      reject(
        new CallError("source_unavailable", `The command cannot be started: ${cause.message}`, {
          cause,
          outcome: child.pid === undefined ? "not_sent" : "unknown",
        }),
      ),
    );
    child.once("close", resolve);
  }).finally(() => signal.removeEventListener("abort", end));
  if (context.signal.aborted)
    throw new CallError("run_cancelled", "The command was cancelled.", { outcome: "unknown" });
  if (signal.aborted)
    throw new CallError("source_timeout", "The command did not end in time.", { outcome: "unknown" });
  if (bytes > context.maxResultBytes)
    throw new CallError(
      "tool_result_invalid",
      `The command printed more than ${context.maxResultBytes} bytes.`,
      { outcome: "failed" },
    );
  const printed = Buffer.concat(parts).toString();
  if (code !== 0)
    throw new CallError(
      "tool_failed",
      `The command ended with ${code}: ${secrets.cut(complaint.trim()) || secrets.text(printed).slice(0, 500)}`,
      {
        outcome: "failed",
        data: { code: code ?? -1 },
      },
    );
  return fromJson(printed);
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : (printExact(value) ?? "");
}

function fromJson(text: string): ParsedExactly {
  try {
    return parseExact(text);
  } catch {
    return { value: text.replace(/\n$/, ""), inexact: [] };
  }
}
