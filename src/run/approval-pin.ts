/**
 * The code that only the person has, asked for before an answer counts. Kept as a scrypt hash; the number of
 * wrong attempts is bounded over all processes of the machine, by a file that each attempt is noted in first.
 */
import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";
import { appendFile, mkdir, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { CodemodeError } from "../errors.ts";

export interface PinOptions {
  /** What `hashPin` made of the code. */
  readonly hash: string;
  /** Where attempts are noted; the same for every process that may answer. */
  readonly attemptsFile: string;
  /** Asks the person for the code when an answer comes without it; nothing where nobody can be asked. */
  readonly ask?: () => Promise<string | undefined>;
}

const shortest = 4;
const longest = 256;
const mostAttempts = 5;
const attemptsMs = 15 * 60_000;
const cost: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 };
const pattern = /^scrypt\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/;

/** Throws `usage` for a code of fewer than 4 characters, or more than 256. */
export async function hashPin(pin: string): Promise<string> {
  if (pin.length < shortest || pin.length > longest)
    throw new CodemodeError("usage", `The code must have ${shortest} to ${longest} characters.`);
  const salt = randomBytes(16);
  return `scrypt$${salt.toString("base64url")}$${(await derive(pin, salt)).toString("base64url")}`;
}

export function isPinHash(text: string): boolean {
  return pattern.test(text);
}

/** Throws `pin_required`, `pin_wrong` and, after five wrong codes within 15 minutes, `pin_locked`. */
export async function requirePin(
  given: string | undefined,
  { hash, attemptsFile, ask }: PinOptions,
): Promise<void> {
  const pin = given ?? (await ask?.());
  if (pin === undefined || pin === "")
    throw new CodemodeError("pin_required", "An answer needs the code that only the person has.", {
      hint: "Let the person answer with codemode approve or codemode reject on a terminal.",
    });
  await mkdir(dirname(attemptsFile), { recursive: true, mode: 0o700 });
  // Noted before it is compared, so that attempts at the same time are counted too.
  await appendFile(attemptsFile, `${Date.now()}\n`, { mode: 0o600 });
  const recent = (await readFile(attemptsFile, "utf8"))
    .split("\n")
    .filter((line) => line !== "" && Math.abs(Date.now() - Number(line)) < attemptsMs);
  if (recent.length > mostAttempts)
    throw new CodemodeError("pin_locked", "There were too many wrong codes; no answer counts for now.", {
      hint: "Wait 15 minutes after the last attempt.",
    });
  if (!(await fits(pin, hash)))
    throw new CodemodeError("pin_wrong", "That is not the code; nothing was answered.", {
      hint: `After ${mostAttempts} wrong codes none is taken for 15 minutes.`,
    });
  await rm(attemptsFile, { force: true });
}

async function fits(pin: string, hash: string): Promise<boolean> {
  const [, salt = "", expected = ""] = pattern.exec(hash) ?? [];
  const derived = await derive(pin.slice(0, longest), Buffer.from(salt, "base64url"));
  const wanted = Buffer.from(expected, "base64url");
  return wanted.length === derived.length && timingSafeEqual(derived, wanted);
}

function derive(pin: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin.normalize("NFC"), salt, 32, cost, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
