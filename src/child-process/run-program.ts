/**
 * Runs a program to its end and answers with what it printed.
 */
import { startProcess } from "./start-process.ts";

export interface RunOptions {
  /** Default: the host's. */
  readonly env?: { readonly [name: string]: string };
  readonly timeoutMs?: number;
}

const maxBytes = 2 ** 20;

/** Rejects when it cannot be started, fails, prints more than a megabyte, or does not end in time. */
export async function runProgram(
  command: string,
  args: readonly string[],
  { env, timeoutMs }: RunOptions = {},
): Promise<string> {
  const child = startProcess(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
    ...(env !== undefined && { env }),
    ...(timeoutMs !== undefined && { timeout: timeoutMs, killSignal: "SIGKILL" }),
  });
  const parts: Buffer[] = [];
  let bytes = 0;
  child.stderr.resume();
  child.stdout.on("data", (part: Buffer) => {
    bytes += part.length;
    if (bytes <= maxBytes) parts.push(part);
    else child.kill("SIGKILL");
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 0 && bytes <= maxBytes) return Buffer.concat(parts).toString();
  throw new Error(`${command} ended with ${code ?? child.signalCode}`);
}
