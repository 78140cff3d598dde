/**
 * One server process in a group of its own, and its end: input closed, then SIGTERM, then SIGKILL, to the
 * whole group. When the host exits, what still runs is killed with it; when the host is killed outright, the
 * closed input is all that servers get to know.
 */
import { CallError } from "../../call-error.ts";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { getDefaultEnvironment } from "@modelcontextprotocol/client/stdio";
import { startProcess } from "../../child-process/start-process.ts";
import type { ResolvedCommand } from "./resolve-entry.ts";

export interface ServerProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves with a phrase ("exited with code 1") once the process has ended. */
  readonly exited: Promise<string>;
  /** Asks, insists, kills; resolves once the process has ended. */
  stop(graceMs: number): Promise<void>;
}

/** What a server may need that holds no secret of the host. */
const harmless = [
  ["LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "XDG_RUNTIME_DIR"],
  ["SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"],
  ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"],
].flat();

const grouped = process.platform !== "win32";
const running = new Set<ChildProcessWithoutNullStreams>();
let watchingExit = false;

/** Throws `source_unavailable`, naming the command or the folder that does not exist. */
export async function startServerProcess(name: string, target: ResolvedCommand): Promise<ServerProcess> {
  const child = startProcess(target.command, [...target.args], {
    cwd: target.cwd,
    env: { ...getDefaultEnvironment(), ...hostEnvironment(), ...target.env },
    stdio: ["pipe", "pipe", "pipe"],
    detached: grouped,
    windowsHide: true,
  });
  const exited = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => {
      signalGroup(child, "SIGKILL");
      running.delete(child);
      resolve(signal === null ? `exited with code ${code}` : `was ended by ${signal}`);
    });
  });
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on("error", () => undefined);
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) => reject(toStartError(name, target, error)));
  });
  child.on("error", () => undefined);
  if (!watchingExit) process.once("exit", killAll);
  watchingExit = true;
  if (child.exitCode === null && child.signalCode === null) running.add(child);
  return { child, exited, stop: (graceMs) => stop(child, exited, graceMs) };
}

async function stop(
  child: ChildProcessWithoutNullStreams,
  exited: Promise<string>,
  graceMs: number,
): Promise<void> {
  child.stdin.end();
  if (await isDone(exited, graceMs)) return;
  signalGroup(child, "SIGTERM");
  if (await isDone(exited, graceMs)) return;
  signalGroup(child, "SIGKILL");
  await exited;
}

async function isDone(exited: Promise<string>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([exited.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

function signalGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (grouped) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // The group is gone already.
  }
}

function killAll(): void {
  for (const child of running) signalGroup(child, "SIGKILL");
}

function hostEnvironment(): { [name: string]: string } {
  const known = harmless.flatMap((name): [string, string][] => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(known);
}

function toStartError(name: string, target: ResolvedCommand, cause: NodeJS.ErrnoException): CallError {
  const options = (hint: string) => ({ cause, hint, outcome: "not_sent" }) as const;
  if (target.cwd !== undefined && !existsSync(target.cwd)) {
    return new CallError(
      "source_unavailable",
      `"${name}" cannot start: the folder ${target.cwd} does not exist.`,
      options(`Correct mcpServers.${name}.cwd.`),
    );
  }
  if (cause.code === "ENOENT") {
    return new CallError(
      "source_unavailable",
      `"${name}" cannot start: the command ${target.command} was not found.`,
      options(`Install it, or correct mcpServers.${name}.command; give the full path if it is not on PATH.`),
    );
  }
  if (cause.code === "EACCES") {
    return new CallError(
      "source_unavailable",
      `"${name}" cannot start: ${target.command} may not be executed.`,
      options(`Make it executable, or correct mcpServers.${name}.command.`),
    );
  }
  return new CallError(
    "source_unavailable",
    `"${name}" cannot start ${target.command}: ${cause.message}`,
    options(`Correct mcpServers.${name}.`),
  );
}
