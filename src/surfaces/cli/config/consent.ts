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
  /** How it was found. Default: in the working folder. */
  readonly origin?: "folder" | "run";
  /** Asks the person at the terminal; absent where there is none. */
  readonly ask?: ((question: string) => Promise<boolean>) | undefined;
}

/** Hashes agreed to, by the file's path: the same text elsewhere may start other programs. */
const agreedSchema = z.record(z.string(), z.array(z.string()));
const keptPerFile = 20;
/** Files that were named with --config, of which those named last are kept. */
const keptNamed = 200;
const namedMark = "--config ";

/** Returns once there is consent; throws `config_consent_required` when there is none. */
export async function requireConsent(request: ConsentRequest): Promise<void> {
  const { file, config, stateFolder, ask, origin = "folder" } = request;
  const folder = dirname(file);
  const files = findRunFiles(config, { folder, env: request.env ?? process.env });
  const hash = await hashConsent(request.source, { folder, files });
  const all = await readAgreed(storeOf(stateFolder));
  const agreed = all[file] ?? [];
  if (agreed.includes(hash)) return;
  // Whoever began runs with it by name has agreed to it for those, as it was then.
  if (origin === "run" && all[namedMark + file]?.includes(hash) === true) return;
  const found = foundBy[origin];
  const hint = `Look at the file, then pass --config ${file} or agree to it once on a terminal.`;
  const changed =
    agreed.length > 0
      ? "has changed since somebody agreed to it, or a file that its commands run has"
      : undefined;
  if (ask === undefined) {
    const message = `${file} ${found} and ${changed ?? "nobody has agreed to it"}; it could start commands and send secrets.`;
    throw new CodemodeError("config_consent_required", message, { hint, data: { file } });
  }
  if (!(await ask(await consentQuestion({ file, found, config, folder, files })))) {
    throw new CodemodeError("config_consent_required", `${file} was not agreed to.`, {
      hint,
      data: { file },
    });
  }
  await keep(request, file, hash);
}

const foundBy = {
  folder: "was found in the working folder",
  run: "is what the run was begun with",
} as const;

/** Keeps that this very text of the file was agreed to, with what its commands run now. */
export async function rememberConsent(request: Omit<ConsentRequest, "ask">): Promise<void> {
  const folder = dirname(request.file);
  const files = findRunFiles(request.config, { folder, env: request.env ?? process.env });
  await keep(request, request.file, await hashConsent(request.source, { folder, files }));
}

/**
 * Keeps that runs were begun with this very text by `--config`, so that commands about those find it. It is no consent to
 * use it where it is merely found in the working folder.
 */
export async function rememberNamed(request: Omit<ConsentRequest, "ask" | "origin">): Promise<void> {
  const folder = dirname(request.file);
  const files = findRunFiles(request.config, { folder, env: request.env ?? process.env });
  const hash = await hashConsent(request.source, { folder, files });
  const name = namedMark + request.file;
  const agreed = await readAgreed(storeOf(request.stateFolder));
  if (agreed[name]?.at(-1) !== hash) await keep(request, name, hash);
}

async function keep(
  { stateFolder }: Pick<ConsentRequest, "stateFolder">,
  name: string,
  hash: string,
): Promise<void> {
  const store = storeOf(stateFolder);
  const { [name]: before = [], ...others } = await readAgreed(store);
  const named = Object.keys(others).filter((each) => each.startsWith(namedMark));
  const room = name.startsWith(namedMark) ? keptNamed - 1 : keptNamed;
  const dropped = new Set(named.slice(0, Math.max(0, named.length - room)));
  const kept = Object.entries(others).filter(([each]) => !dropped.has(each));
  const hashes = [...before.filter((each) => each !== hash), hash].slice(-keptPerFile);
  await writeAgreed(store, { ...Object.fromEntries(kept), [name]: hashes });
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
