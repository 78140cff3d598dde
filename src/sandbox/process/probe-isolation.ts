/**
 * Finds out once what isolation this machine gives, by trying each step on a harmless process and looking
 * at that process from outside. Believes no version number and no setting.
 */
import { CodemodeError } from "../../errors.ts";
import { isolationLevels, type IsolationLevel } from "../../spec/engine.ts";
import { confinementToLevel, type Confinement, type Isolation, type NamespaceKind } from "./confinement.ts";
import { findProgram } from "./find-program.ts";
import { isRoot } from "./user-state-folder.ts";
import { tryConfinement } from "./try-confinement.ts";
import { whyNoNamespaces } from "./why-no-namespaces.ts";

let cached: Promise<Isolation> | undefined;

/** What this machine gives; measured at the first call (some 50 ms), then remembered. */
export function probeIsolation(): Promise<Isolation> {
  cached ??= measureIsolation();
  return cached;
}

/** Throws `sandbox_too_weak`, naming what is missing and how to get it. */
export function requireIsolation(isolation: Isolation, required: IsolationLevel): void {
  if (isolationLevels.indexOf(isolation.level) >= isolationLevels.indexOf(required)) return;
  throw new CodemodeError(
    "sandbox_too_weak",
    `The configuration requires isolation "${required}" and this machine gives "${isolation.level}": ${isolation.missing.join(" ")}`,
    {
      hint: `Supply what is missing, or set sandbox.require to "${isolation.level}" to accept less.`,
      data: { required, level: isolation.level, missing: [...isolation.missing] },
    },
  );
}

const asUser: readonly (readonly NamespaceKind[])[] = [
  ["user", "net", "ipc", "uts", "pid", "cgroup"],
  ["user", "net", "ipc", "uts", "pid"],
  ["user", "net", "ipc"],
];
/** For a root that may not make user namespaces: its own user stands in for one. */
const asRoot: readonly (readonly NamespaceKind[])[] = [
  ["net", "ipc", "uts", "pid"],
  ["net", "ipc"],
];

/** With the programs given, or those that the machine has. */
export async function measureIsolation(given?: Programs): Promise<Isolation> {
  const programs = given ?? (await findPrograms());
  if (process.platform !== "linux") return withoutLinux(programs);
  const missing: string[] = [];
  const { sleep } = programs;
  if (sleep === undefined) {
    missing.push("There is no `sleep` to try isolation with: install coreutils.");
    return toIsolation({}, missing);
  }
  const limits = await tryLimits(programs, sleep, missing);
  const privileges = await tryPrivileges(programs, sleep, missing);
  const base: Confinement = { ...(limits && { limits }), ...(privileges && { privileges }) };
  if (!limits || !privileges) return toIsolation(base, missing);
  const [jail, namespaces] = await Promise.all([
    tryJail(programs, base, sleep),
    tryNamespaces(programs, base, sleep),
  ]);
  if (typeof jail === "string") missing.push(jail);
  else missing.push(...jailGaps(jail));
  if (typeof namespaces === "string") missing.push(namespaces, await whyNoNamespaces());
  const filter =
    typeof namespaces === "object" ? await tryFilter(programs, { ...base, namespaces }, sleep) : undefined;
  if (typeof filter === "string" && typeof jail === "string") missing.push(filter);
  return toIsolation(
    {
      ...base,
      ...(typeof namespaces === "object" && { namespaces }),
      ...(typeof filter === "object" && { filter }),
      ...(typeof jail === "object" && { jail }),
    },
    missing,
  );
}

type ProgramName = "sleep" | "sh" | "prlimit" | "setpriv" | "unshare" | "perl" | "bwrap";
export type Programs = { readonly [name in ProgramName]?: string };

export async function findPrograms(): Promise<Programs> {
  const names: readonly ProgramName[] = ["sleep", "sh", "prlimit", "setpriv", "unshare", "perl", "bwrap"];
  const paths = await Promise.all(names.map(findProgram));
  return Object.fromEntries(names.flatMap((name, index) => (paths[index] ? [[name, paths[index]]] : [])));
}

async function tryLimits(
  programs: Programs,
  sleep: string,
  missing: string[],
): Promise<Confinement["limits"]> {
  for (const [by, path] of [["prlimit", programs.prlimit] as const, ["sh", programs.sh] as const]) {
    if (path === undefined) continue;
    const trial = await tryConfinement({ limits: { by, path } }, sleep);
    if (trial.ok) return { by, path };
    missing.push(`Limits of the kernel could not be set by ${by} (${trial.reason}).`);
  }
  missing.push("Nothing can set limits of the kernel (memory, files, cores): install util-linux.");
  return undefined;
}

async function tryPrivileges(
  programs: Programs,
  sleep: string,
  missing: string[],
): Promise<Confinement["privileges"]> {
  const { setpriv } = programs;
  if (setpriv === undefined) {
    missing.push(
      "Privileges cannot be dropped, nor the sandbox tied to the host's life: install setpriv (util-linux).",
    );
    return undefined;
  }
  const reasons: string[] = [];
  for (const user of isRoot() ? (["own", "root"] as const) : (["host"] as const)) {
    const trial = await tryConfinement({ privileges: { setpriv, user } }, sleep);
    if (!trial.ok) {
      reasons.push(trial.reason);
      continue;
    }
    if (user === "root") {
      missing.push(
        `The sandbox has the user root, without its capabilities, since it could not be given a user of its own (${reasons.join("; ")}): start as a normal user.`,
      );
    }
    return { setpriv, user };
  }
  missing.push(`Privileges could not be dropped (${reasons.join("; ")}).`);
  return undefined;
}

const jailLadder = [
  { disableUserns: true, seccomp: true },
  { disableUserns: false, seccomp: true },
  { disableUserns: true, seccomp: false },
  { disableUserns: false, seccomp: false },
];

async function tryJail(
  programs: Programs,
  base: Confinement,
  sleep: string,
): Promise<NonNullable<Confinement["jail"]> | string> {
  const { bwrap } = programs;
  if (bwrap === undefined)
    return "There is no `bwrap`, so the sandbox sees the host's file system: install bubblewrap.";
  let reason = "";
  for (const { disableUserns, seccomp } of jailLadder) {
    const jail = { bwrap, disableUserns, seccomp };
    const trial = await tryConfinement({ ...base, jail }, sleep);
    if (trial.ok) return jail;
    reason = trial.reason;
  }
  return `\`bwrap\` does not work here, so the sandbox sees the host's file system (${reason}).`;
}

function jailGaps({ disableUserns, seccomp }: NonNullable<Confinement["jail"]>): string[] {
  return [
    ...(disableUserns
      ? []
      : ["A sandbox could make user namespaces of its own: install bubblewrap 0.8 or later."]),
    ...(seccomp
      ? []
      : ["System calls are not filtered: the kernel or the container does not allow seccomp."]),
  ];
}

async function tryNamespaces(
  programs: Programs,
  base: Confinement,
  sleep: string,
): Promise<NonNullable<Confinement["namespaces"]> | string> {
  const { unshare } = programs;
  if (unshare === undefined)
    return "There is no `unshare`, so the sandbox shares the host's network: install util-linux.";
  const ladder = [
    ...asUser.map((kinds) => ({ unshare, kinds, entered: "user" as const })),
    ...(isRoot() ? asRoot.map((kinds) => ({ unshare, kinds, entered: "root" as const })) : []),
  ];
  let reason = "";
  for (const namespaces of ladder) {
    const trial = await tryConfinement({ ...base, namespaces }, sleep);
    if (trial.ok) return namespaces;
    reason ||= trial.reason;
  }
  return `The sandbox shares the host's network, since no namespaces could be made (${reason}).`;
}

/** The filter without a jail around it. */
async function tryFilter(
  { perl }: Programs,
  base: Confinement,
  sleep: string,
): Promise<NonNullable<Confinement["filter"]> | string> {
  if (perl === undefined) return "System calls are not filtered: install bubblewrap, or perl.";
  const trial = await tryConfinement({ ...base, filter: { perl } }, sleep);
  return trial.ok ? { perl } : `System calls are not filtered (${trial.reason}).`;
}

/** Without procfs nothing can be looked at, so only what POSIX has is used: the shell's limits. */
function withoutLinux({ sh }: Programs): Isolation {
  const isWindows = process.platform === "win32";
  const limited = sh !== undefined && !isWindows;
  return {
    level: "process",
    confinement: limited ? { limits: { by: "sh", path: sh } } : {},
    means: {
      environment: "empty",
      folder: "own",
      hostDeath: isWindows ? "a sweep at the next start" : "a watchdog",
      ...(limited && { kernelLimits: "FSIZE 0, CORE 0, NOFILE, by sh" }),
    },
    missing: [
      `On ${process.platform} a sandbox is a process of the same user with an empty environment; namespaces and caps on memory exist on Linux only.`,
    ],
  };
}

const userMeans = {
  own: "an unused user id for each sandbox",
  host: "the host's own user",
  root: "root without capabilities",
} as const;

function toIsolation(confinement: Confinement, missing: readonly string[]): Isolation {
  const { privileges, limits, namespaces, filter, jail } = confinement;
  const kinds = jail ? ["user", "net", "ipc", "pid", "uts"] : (namespaces?.kinds ?? []);
  return {
    level: confinementToLevel(confinement),
    confinement,
    means: {
      environment: "empty",
      hostDeath: privileges ? "parent-death signal and a watchdog" : "a watchdog",
      folder: privileges?.user === "own" ? "own, of the host's user" : "own",
      ...(privileges && {
        privileges: "no-new-privs, no capabilities",
        user: userMeans[privileges.user],
      }),
      ...(limits && { kernelLimits: `RLIMIT_DATA, FSIZE 0, CORE 0, NOFILE, by ${limits.by}` }),
      ...(kinds.length > 0 && { namespaces: `${kinds.join(", ")} by ${jail ? "bwrap" : "unshare"}` }),
      ...((jail ? jail.seccomp : filter !== undefined) && {
        systemCalls: `a list of refused ones, by seccomp${jail ? "" : " and perl"}`,
      }),
      ...(jail && { files: "a root of its own by bwrap: libraries and the engine, read-only" }),
    },
    missing,
  };
}
