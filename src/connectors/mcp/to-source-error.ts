/**
 * Turns what the protocol client and the network throw into the errors of the source contract, with the
 * next step in words of the configuration. Secrets are taken out of whatever a server or a library wrote.
 */
import { ProtocolError, SdkErrorCode } from "@modelcontextprotocol/client";
import { CallError, toCallError, type CallOutcome } from "../../call-error.ts";
import { CodemodeError } from "../../errors.ts";
import type { Secrets } from "../../redact/create-secrets.ts";
import { httpStatus, isSdkCode, isUnreadable, isUnusable } from "./read-failure.ts";

interface ErrorSetting {
  readonly source: string;
  /** What was being done, to follow "while": "listing its tools". */
  readonly doing: string;
  readonly secrets: Secrets;
  /** What became of the request, as far as the failure says. */
  readonly outcome: CallOutcome;
  /** How long an answer was waited for. */
  readonly timeoutMs?: number;
  /** How the server's process ended ("exited with code 1"), if it did. */
  readonly ended?: string | undefined;
  /** The last lines of the server's stderr. */
  readonly errorLines?: readonly string[] | undefined;
}

const maxDetail = 600;

export function toSourceError(thrown: unknown, setting: ErrorSetting): CallError {
  const { source, doing, outcome } = setting;
  if (thrown instanceof CodemodeError) return toCallError(thrown, outcome);
  const made = (
    code: "source_unavailable" | "source_timeout" | "source_invalid",
    says: string,
    hint?: string,
  ) =>
    new CallError(code, `"${source}" ${says}${stderrText(setting)}`, {
      cause: thrown,
      outcome,
      ...(hint === undefined ? {} : { hint }),
    });
  if (setting.ended !== undefined) {
    return made(
      "source_unavailable",
      `${setting.ended} while ${doing}.`,
      `Run mcpServers.${source} by hand to see why.`,
    );
  }
  if (thrown instanceof ProtocolError) {
    return made(
      "source_invalid",
      `answered with error ${thrown.code} while ${doing}: ${detail(thrown.message, setting)}.`,
    );
  }
  const status = httpStatus(thrown);
  if (status === 401 || status === 403) {
    return made(
      "source_unavailable",
      `refused the credentials (HTTP ${status}) while ${doing}.`,
      `Check mcpServers.${source}.headers, and that the variables in it are set.`,
    );
  }
  if (status !== undefined) {
    return made(
      "source_unavailable",
      `answered HTTP ${status} while ${doing}: ${detail(messageOf(thrown), setting)}.`,
      `Check mcpServers.${source}.url.`,
    );
  }
  if (isSdkCode(thrown, SdkErrorCode.RequestTimeout)) {
    const time = setting.timeoutMs === undefined ? "in time" : `within ${setting.timeoutMs} ms`;
    return made("source_timeout", `did not answer ${time} while ${doing}.`, slowHint(setting));
  }
  if (isUnreadable(thrown)) {
    return made("source_invalid", `sent something that is no JSON-RPC message while ${doing}.`);
  }
  if (isUnusable(thrown)) {
    return made(
      "source_invalid",
      `does not speak MCP as it should, while ${doing}: ${detail(messageOf(thrown), setting)}.`,
    );
  }
  if (isSdkCode(thrown, SdkErrorCode.ConnectionClosed) || isSdkCode(thrown, SdkErrorCode.NotConnected)) {
    return made("source_unavailable", `ended the connection while ${doing}.`);
  }
  if (thrown === undefined) return made("source_unavailable", `ended the connection while ${doing}.`);
  return made(
    "source_unavailable",
    `could not be reached while ${doing}: ${detail(reasonOf(thrown), setting)}.`,
  );
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** "fetch failed" says nothing; what lies beneath it does. */
function reasonOf(thrown: unknown): string {
  const parts: string[] = [];
  for (let error: unknown = thrown; error instanceof Error && parts.length < 5; error = error.cause) {
    const text = error.message === "" && "code" in error ? String(error.code) : error.message;
    if (text !== "" && !parts.some((part) => part.includes(text))) parts.push(text);
  }
  return parts.join(": ") || String(thrown);
}

function detail(text: string, { secrets }: ErrorSetting): string {
  const shown = secrets.text(text).replaceAll(/\s+/g, " ").trim().replace(/\.$/, "");
  return shown.length > maxDetail ? `${shown.slice(0, maxDetail)}…` : shown;
}

function stderrText({ errorLines = [], secrets }: ErrorSetting): string {
  if (errorLines.length === 0) return "";
  return ` Its last words on stderr:\n${errorLines.map((line) => `  ${secrets.cut(line)}`).join("\n")}`;
}

function slowHint({ source, doing, outcome }: ErrorSetting): string | undefined {
  if (doing === "starting") return `Where it needs longer to start, raise sources.${source}.startMs.`;
  return outcome === "unknown"
    ? "It was told to stop, but what it had begun may still take effect."
    : undefined;
}
