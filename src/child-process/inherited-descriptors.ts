/**
 * Descriptors that this process was started with, or that something in it opened, and that a child would get without
 * being given them: those without the close-on-exec flag. Node.js sets it on what it opens itself, and at its start on
 * those up to 15; whatever lies above goes on to every child.
 */
import { readdirSync, readFileSync } from "node:fs";

/** O_CLOEXEC, in `/proc/self/fdinfo` in octal. */
const closesOnExec = 0o2000000;

/** Above stdin, stdout and stderr. Only Linux is asked: on macOS the spawning itself closes what is not given. */
export function inheritedDescriptors(): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc/self/fdinfo")
    .map(Number)
    .filter((descriptor) => descriptor > 2 && !isClosed(descriptor));
}

function isClosed(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "latin1"))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & closesOnExec) !== 0;
  } catch {
    // The one that read the folder.
    return true;
  }
}
