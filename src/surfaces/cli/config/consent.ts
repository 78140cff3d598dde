/**
 * A configuration that lies in the working folder came with whatever was cloned or unpacked there, and can
 * start commands and send secrets. It is asked about on a terminal, once for its text and for the contents of what its
 * commands run, and refused elsewhere.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import * as z from "zod";
import { CodemodeError } from "../../../errors.ts";
import { consentQuestion } from "../consent/consent-question.ts";
import { findRunFiles } from "../consent/find-run-files.ts";
import { hashConsent } from "../consent/hash-consent.ts";
import type { Config } from "./config-schema.ts";
import type { Environment } from "./expand-variables.ts";

export interface ConsentRequest {
  readonly file: string;
  readonly source: string;
  readonly config: Config;
  readonly stateFolder: string;
  /** Fills in variables in the names of files. Default: that of this process. */
  readonly env?: Environment;
  /** Asks the person at the terminal; absent where there is none. */
  readonly ask?: ((question: string) => Promise<boolean>) | undefined;
}

/** Hashes agreed to, by the file's path: the same text elsewhere may start other programs. */
const agreedSchema = z.record(z.string(), z.array(z.string()));
const keptPerFile = 20;

/** Returns once there is consent; throws `config_consent_required` when there is none. */
export async function requireConsent(request: ConsentRequest): Promise<void> {
  const { file, config, stateFolder, ask } = request;
  const folder = dirname(file);
  const files = findRunFiles(config, { folder, env: request.env ?? process.env });
  const hash = await hashConsent(request.source, { folder, files });
  const agreed = (await readAgreed(storeOf(stateFolder)))[file] ?? [];
  if (agreed.includes(hash)) return;
  const hint = `Look at the file, then pass --config ${file} or agree to it once on a terminal.`;
  const changed =
    agreed.length > 0
      ? "has changed since somebody agreed to it, or a file that its commands run has"
      : undefined;
  if (ask === undefined) {
    const message = `${file} was found in the working folder and ${changed ?? "nobody has agreed to it"}; it could start commands and send secrets.`;
    throw new CodemodeError("config_consent_required", message, { hint, data: { file } });
  }
  if (!(await ask(await consentQuestion({ file, config, folder, files })))) {
    throw new CodemodeError("config_consent_required", `${file} was not agreed to.`, {
      hint,
      data: { file },
    });
  }
  await keep(request, hash);
}

/** Keeps that this very text of the file was agreed to, with what its commands run now. */
export async function rememberConsent(request: Omit<ConsentRequest, "ask">): Promise<void> {
  const folder = dirname(request.file);
  const files = findRunFiles(request.config, { folder, env: request.env ?? process.env });
  await keep(request, await hashConsent(request.source, { folder, files }));
}

async function keep({ file, stateFolder }: ConsentRequest, hash: string): Promise<void> {
  const store = storeOf(stateFolder);
  const agreed = await readAgreed(store);
  const hashes = [...(agreed[file] ?? []).filter((each) => each !== hash), hash].slice(-keptPerFile);
  await writeAgreed(store, { ...agreed, [file]: hashes });
}

function storeOf(stateFolder: string): string {
  return join(stateFolder, "consent.json");
}

async function readAgreed(store: string): Promise<z.infer<typeof agreedSchema>> {
  let text: string;
  try {
    text = await readFile(store, "utf8");
  } catch {
    return {};
  }
  try {
    return agreedSchema.parse(JSON.parse(text));
  } catch {
    // A damaged file only costs being asked again.
    return {};
  }
}

async function writeAgreed(store: string, agreed: z.infer<typeof agreedSchema>): Promise<void> {
  await mkdir(dirname(store), { recursive: true, mode: 0o700 });
  const draft = `${store}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(agreed, null, 2), { mode: 0o600 });
  await rename(draft, store);
}
