/**
 * What of the host a guest could have changed or left behind: its prototypes, processes below it, and file
 * descriptors.
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Names, kinds and identities of everything on the prototypes a guest could want to change. */
export function prototypesToText(): string {
  const all = [
    Object,
    Array,
    Function,
    Promise,
    String,
    Number,
    RegExp,
    Map,
    Set,
    Date,
    Error,
    Uint8Array,
    JSON,
    Reflect,
  ];
  return all
    .map((each) => {
      const target = "prototype" in each ? each.prototype : each;
      return Object.getOwnPropertyNames(target)
        .map((name) => `${name}:${typeof Object.getOwnPropertyDescriptor(target, name)?.value}`)
        .join();
    })
    .join("\n");
}

export function childrenOf(parent: number): number[] {
  return (
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => parentOf(pid) === parent)
      // The watchdog that would end sandboxes after a crash of the host lives as long as the host.
      .filter((pid) => !commandOf(pid).startsWith("/bin/sh -c groups="))
  );
}

export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

function parentOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[1]);
  } catch {
    return -1;
  }
}

export function descriptors(): number {
  return readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return /^(socket|pipe|\/)/.test(readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      return false;
    }
  }).length;
}
