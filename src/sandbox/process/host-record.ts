/**
 * What a host notes down about itself and its sandboxes for a later start: names of the files, and their
 * reading, which takes nothing on trust.
 */
import type { ProcessIdentity } from "./process-identity.ts";

/** In the host's folder. Each sandbox's record lies beside its folder as `<name>.json`. */
export const hostRecordName = "host.json";

export interface HostRecord extends ProcessIdentity {
  readonly boot: string;
  readonly namespace: string;
}

export function parseHostRecord(text: string): HostRecord | undefined {
  const identity = parseSandboxRecord(text);
  const value = parseObject(text);
  if (!identity || typeof value?.["boot"] !== "string" || typeof value["namespace"] !== "string")
    return undefined;
  return { ...identity, boot: value["boot"], namespace: value["namespace"] };
}

export function parseSandboxRecord(text: string): ProcessIdentity | undefined {
  const value = parseObject(text);
  const pid = value?.["pid"];
  const started = value?.["started"];
  if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 1) return undefined;
  return typeof started === "string" && started !== "" ? { pid, started } : undefined;
}

function parseObject(text: string): { readonly [key: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
