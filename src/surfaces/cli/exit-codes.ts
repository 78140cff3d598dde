/**
 * The exit codes that scripts rely on.
 */
import type { ErrorCode } from "../../errors.ts";
import type { RunStatus } from "../../spec/run.ts";

export const exitCodes = { completed: 0, failed: 1, usage: 2, paused: 3 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const usageCodes: ReadonlySet<ErrorCode> = new Set([
  "usage",
  "node_too_old",
  "config_not_found",
  "config_unreadable",
  "config_invalid",
  "config_variable_missing",
  "config_consent_required",
  "run_foreign",
  "port_in_use",
  "bind_requires_token",
] as const);

export function errorToExitCode(code: ErrorCode): ExitCode {
  return usageCodes.has(code) ? exitCodes.usage : exitCodes.failed;
}

export function statusToExitCode(status: RunStatus): ExitCode {
  if (status === "completed") return exitCodes.completed;
  return status === "paused" ? exitCodes.paused : exitCodes.failed;
}
