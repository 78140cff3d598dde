/**
 * Stands in for a source whose entry cannot be used, so that it is listed with its reason and costs nobody
 * else anything.
 */
import { withOutcome } from "../../call-error.ts";
import type { CodemodeError } from "../../errors.ts";
import type { Source } from "../../spec/source.ts";

export function createFailedSource(name: string, kind: string, error: CodemodeError): Source {
  const { message, hint } = error;
  return {
    name,
    kind,
    fingerprint: `failed ${message}`,
    identity: () => Promise.reject(error),
    list: () => Promise.reject(error),
    call: () => Promise.reject(withOutcome(error, "not_sent")),
    status: () => ({ state: "failed", reason: hint === undefined ? message : `${message} ${hint}` }),
    [Symbol.asyncDispose]: async () => {},
  };
}
