/**
 * A configuration that lies in the working folder came with whatever was cloned or unpacked there, and can
 * start commands and send secrets. It is asked about once per content on a terminal, and refused elsewhere.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod";
import { CodemodeError } from "../../../errors.ts";
import type { Config } from "./config-schema.ts";
import { variablesOf } from "./expand-variables.ts";

export interface ConsentRequest {
  readonly file: string;
  readonly source: string;
  readonly config: Config;
  readonly stateFolder: string;
  /** Asks the person at the terminal; absent where there is none. */
  readonly ask?: ((question: string) => Promise<boolean>) | undefined;
}

/** Hashes agreed to, by the file's path: the same text elsewhere may start other programs. */
const agreedSchema = z.record(z.string(), z.array(z.string()));
const keptPerFile = 20;

/** Returns once there is consent; throws `config_consent_required` when there is none. */
export async function requireConsent(request: ConsentRequest): Promise<void> {
  const { file, source, config, stateFolder, ask } = request;
  const agreed = await readAgreed(storeOf(stateFolder));
  if (agreed[file]?.includes(hashOf(source)) === true) return;
  const hint = `Look at the file, then pass --config ${file} or agree to it once on a terminal.`;
  if (ask === undefined) {
    const message = `${file} was found in the working folder and nobody has agreed to it; it could start commands and send secrets.`;
    throw new CodemodeError("config_consent_required", message, { hint, data: { file } });
  }
  if (!(await ask(consentQuestion(file, config)))) {
    throw new CodemodeError("config_consent_required", `${file} was not agreed to.`, {
      hint,
      data: { file },
    });
  }
  await rememberConsent(request);
}

/** Keeps that this very text of the file was agreed to. */
export async function rememberConsent({
  file,
  source,
  stateFolder,
}: Pick<ConsentRequest, "file" | "source" | "stateFolder">): Promise<void> {
  const store = storeOf(stateFolder);
  const agreed = await readAgreed(store);
  const hashes = [...(agreed[file] ?? []), hashOf(source)].slice(-keptPerFile);
  await writeAgreed(store, { ...agreed, [file]: hashes });
}

/** What agreeing would allow: programs, addresses, and the variables that would be handed on. */
export function consentQuestion(file: string, config: Config): string {
  const servers = Object.entries(config.mcpServers ?? {}).map(([name, entry]) => {
    const what =
      entry.command === undefined
        ? `connect to ${entry.url ?? ""}`
        : `start ${[entry.command, ...(entry.args ?? [])].join(" ")}`;
    return describeSource(name, what, entry);
  });
  const apis = Object.entries(config.openapi ?? {}).map(([name, entry]) =>
    describeSource(name, `call the API described by ${entry.spec}`, entry),
  );
  const manuals = Object.entries(config.utcp ?? {}).map(([name, entry]) => {
    const what = `call the tools that ${entry.manual} describes`;
    return describeSource(name, entry.commands === true ? `${what}, and run commands it names` : what, entry);
  });
  return [
    `${printable(file)} was found in the working folder. It would:`,
    ...servers,
    ...apis,
    ...manuals,
    "Agree to this file as it is now?",
  ].join("\n");
}

function describeSource(name: string, what: string, entry: unknown): string {
  const variables = [...new Set(variablesOf(JSON.stringify(entry)))];
  const handing = variables.length === 0 ? "" : `, with ${variables.join(", ")} from your environment`;
  return `  ${printable(name)}: ${printable(what)}${handing}`;
}

/** The file is a stranger's: it must not be able to move the cursor or recolour the question. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\uFFFD").slice(0, 400);
}

function storeOf(stateFolder: string): string {
  return join(stateFolder, "consent.json");
}

function hashOf(source: string): string {
  return createHash("sha256").update(source).digest("hex");
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
