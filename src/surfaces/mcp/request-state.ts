/**
 * Seals what a client carries from a question to its answer (AES-256-GCM): readable and changeable by the
 * server alone, bound to principal and request, valid for a while and once. That an answer counts once across
 * restarts and hosts is the journal's doing; this refuses what never was an answer to this question.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { CodemodeError } from "../../errors.ts";
import { printExact } from "../../json/print-exact.ts";
import * as z from "zod";

export interface SealedQuestion {
  readonly runId: string;
  /** Bindings of the questions asked. */
  readonly bindings: readonly string[];
}

/** What the state must come back with. */
export interface StateBinding {
  readonly principal: string;
  /** The arguments of the tool call. */
  readonly args: unknown;
}

export interface RequestStateSealer {
  seal(question: SealedQuestion, binding: StateBinding): string;
  /** Throws `approval_state_invalid`; a state that was opened once is not opened again. */
  open(state: string, binding: StateBinding): SealedQuestion;
}

export interface SealerOptions {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** Default one hour. */
  readonly ttlMs?: number;
  /** Default `Date.now`. */
  readonly now?: () => number;
}

const payloadSchema = z.strictObject({
  runId: z.string(),
  bindings: z.array(z.string()),
  expiresAt: z.number(),
});
const mostStateCharacters = 256 * 1024;
const nonceBytes = 12;
const tagBytes = 16;

export function createRequestStateSealer({
  key,
  ttlMs = 3_600_000,
  now = Date.now,
}: SealerOptions): RequestStateSealer {
  /** Nonce of each opened state, with the time after which it is refused for its age. */
  const spent = new Map<string, number>();
  return {
    seal: (question, binding) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(toAad(binding));
      const text = JSON.stringify({ ...question, expiresAt: now() + ttlMs });
      const sealed = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([sealed, cipher.getAuthTag()]).toString("base64url");
    },
    open: (state, binding) => {
      const { nonce, text } = decrypt(state, key, toAad(binding));
      const { expiresAt, ...question } = payloadSchema.parse(JSON.parse(text));
      if (expiresAt <= now()) throw invalid("it has expired", { runId: question.runId });
      for (const [each, until] of spent) if (until <= now()) spent.delete(each);
      if (spent.has(nonce)) throw invalid("it was used before", { runId: question.runId });
      spent.set(nonce, expiresAt);
      return question;
    },
  };
}

function decrypt(state: string, key: Uint8Array, aad: Buffer): { nonce: string; text: string } {
  const bytes = Buffer.from(state.slice(0, mostStateCharacters), "base64url");
  if (bytes.length <= nonceBytes + tagBytes) throw invalid("it is none of this server's");
  const nonce = bytes.subarray(0, nonceBytes);
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes })
      .setAAD(aad)
      .setAuthTag(bytes.subarray(-tagBytes));
    const text =
      decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, "utf8") + decipher.final("utf8");
    return { nonce: nonce.toString("base64url"), text };
  } catch (cause) {
    throw invalid("it is none of this server's, or belongs to another request", { cause });
  }
}

function toAad({ principal, args }: StateBinding): Buffer {
  return createHash("sha256")
    .update(printExact([principal, args ?? {}]) ?? "")
    .digest();
}

export function invalid(
  why: string,
  { runId, cause }: { readonly runId?: string; readonly cause?: unknown } = {},
): CodemodeError {
  const which = runId === undefined ? "" : ` of the run ${runId}`;
  const next =
    runId === undefined
      ? "Continue the run with execute({ resume }), which asks again; `codemode approvals` lists the runs that wait."
      : `Continue it with execute({ resume: "${runId}" }), which asks again.`;
  return new CodemodeError(
    "approval_state_invalid",
    `The answer to what is asked${which} was not taken: its requestState is refused, ${why}.`,
    {
      hint: `Nothing was sent. ${next}`,
      ...(runId === undefined ? {} : { data: { runId } }),
      ...(cause === undefined ? {} : { cause }),
    },
  );
}
