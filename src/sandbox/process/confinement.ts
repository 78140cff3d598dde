/**
 * The words of confinement: which steps a machine allows and what they add up to. Data only; probing fills
 * it in, `toConfinedCommand` turns it into a command line, and nothing here starts anything.
 */
import { isolationLevels, type IsolationLevel } from "../../spec/engine.ts";

/** Kernel namespaces a sandbox gets of its own, by the names `unshare` has for them. */
export type NamespaceKind = "user" | "net" | "ipc" | "uts" | "pid" | "mount" | "cgroup";

export interface Confinement {
  /** How the process changes its privileges: `setpriv` of util-linux. Absent: it keeps the host's. */
  readonly privileges?: {
    readonly setpriv: string;
    /**
     * `own`: the host is root and gives the sandbox a user that nothing else has. `host`: it is not, and the
     * sandbox runs as its user. `root`: it is and cannot, so a root without capabilities has to do.
     */
    readonly user: "own" | "host" | "root";
  };
  /** Which program sets the kernel's limits before the command starts. */
  readonly limits?: { readonly by: "prlimit" | "sh"; readonly path: string };
  /**
   * Namespaces by `unshare`. `entered: "root"` means that they are made while still root, on machines that
   * forbid user namespaces; the user is dropped after that.
   */
  readonly namespaces?: {
    readonly unshare: string;
    readonly kinds: readonly NamespaceKind[];
    readonly entered: "user" | "root";
  };
  /**
   * The program that puts the filter of system calls before the sandbox where there is no jail, which does it itself:
   * `perl`, since it is on nearly every machine and can make any system call.
   */
  readonly filter?: { readonly perl: string };
  /** A root file system of its own by `bwrap`; takes the place of `namespaces`. */
  readonly jail?: {
    readonly bwrap: string;
    /** No further user namespace can be made inside (bubblewrap 0.8 and later). */
    readonly disableUserns: boolean;
    /** System calls that an engine never needs are refused (`makeSeccompFilter`). */
    readonly seccomp: boolean;
  };
}

/** What this machine gives, found by trying. */
export interface Isolation {
  readonly level: IsolationLevel;
  readonly confinement: Confinement;
  /** By which means each protection is held: `{ user: "…", network: "…" }`. */
  readonly means: { readonly [protection: string]: string };
  /** What the machine does not allow, one sentence each, with how to get it where there is a way. */
  readonly missing: readonly string[];
}

/** The same confinement without what goes beyond `level`. */
export function limitConfinement(confinement: Confinement, level: IsolationLevel): Confinement {
  const { privileges, limits, namespaces, filter, jail } = confinement;
  const upTo = isolationLevels.indexOf(level);
  return {
    ...(limits && { limits }),
    ...(upTo >= isolationLevels.indexOf("confined") && privileges && { privileges }),
    ...(upTo >= isolationLevels.indexOf("namespaced") && namespaces && { namespaces }),
    ...(upTo >= isolationLevels.indexOf("namespaced") && namespaces && filter && { filter }),
    ...(upTo >= isolationLevels.indexOf("jailed") && jail && { jail }),
  };
}

/** The level a confinement adds up to. */
export function confinementToLevel(confinement: Confinement): IsolationLevel {
  const { privileges, limits, namespaces, jail } = confinement;
  if (!privileges || !limits) return "process";
  if (jail) return "jailed";
  const kinds = namespaces?.kinds ?? [];
  const isUnprivileged = privileges.user !== "root" || kinds.includes("user");
  if (!isUnprivileged) return "process";
  return kinds.includes("net") && kinds.includes("ipc") ? "namespaced" : "confined";
}

/** Whether all of a sandbox dies with its first process. */
export function hasPidNamespace({ jail, namespaces }: Confinement): boolean {
  return jail !== undefined || (namespaces?.kinds.includes("pid") ?? false);
}
