/**
 * Turns a confinement into the command line that brings a process into it: a chain of programs that each
 * do one step and then become the next. Pure; starts nothing and touches no file.
 *
 * Order matters. The user is dropped first, so that everything after it is done without privileges; the
 * kernel forgets the parent-death signal when credentials change, so it is set with or after that; limits
 * on tasks count per user namespace, so they are set last, inside.
 */
import { prctlNumber } from "./seccomp-filter.ts";
import { hasPidNamespace, type Confinement, type NamespaceKind } from "./confinement.ts";

export interface CommandLimits {
  /** Bytes of private writable memory (RLIMIT_DATA). Absent: none. */
  readonly dataBytes?: number;
  /** File descriptors. */
  readonly openFiles: number;
  /** Threads and processes of the sandbox's user, where that user is its own. */
  readonly tasks: number;
}

export interface ConfinedCommandOptions {
  readonly confinement: Confinement;
  readonly limits: CommandLimits;
  /** User and group id of the sandbox, when the confinement gives it its own. */
  readonly user?: number;
  /** The process's working folder. */
  readonly folder: string;
  /** Whether the folder can be written to (a socket is made in it). */
  readonly writable: boolean;
  /** What a jail shows read-only at its own path, besides the system's libraries. */
  readonly readable: readonly string[];
  /** The descriptor on which the filter of system calls is found. */
  readonly seccompFd?: number;
  /** System folders that exist on this machine and hold libraries. */
  readonly libraries: readonly LibraryFolder[];
}

export interface LibraryFolder {
  readonly path: string;
  /** Where a symbolic link points (`/lib` → `usr/lib`), for a link; absent for a folder. */
  readonly link?: string;
}

export interface ConfinedCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** The started process stays outside as a parent; the sandbox is its only child. */
  readonly forks: boolean;
}

export function toConfinedCommand(
  command: string,
  args: readonly string[],
  options: ConfinedCommandOptions,
): ConfinedCommand {
  const { confinement } = options;
  const enteredAsRoot = confinement.namespaces?.entered === "root" && !confinement.jail;
  const separate = confinement.jail ? jailSteps(options) : unshareSteps(confinement);
  const drop = privilegeSteps(options);
  const line = [
    ...(enteredAsRoot ? [...separate, ...drop] : [...drop, ...separate]),
    ...filterSteps(options),
    ...limitSteps(options),
    command,
    ...args,
  ];
  const [first = command, ...rest] = line;
  return { command: first, args: rest, forks: hasPidNamespace(confinement) };
}

function privilegeSteps({ confinement, user }: ConfinedCommandOptions): string[] {
  if (!confinement.privileges) return [];
  const own =
    confinement.privileges.user === "own" ? [`--reuid=${user}`, `--regid=${user}`, "--clear-groups"] : [];
  const bounded = confinement.privileges.user === "host" ? [] : ["--bounding-set=-all"];
  return [
    confinement.privileges.setpriv,
    ...own,
    ...bounded,
    "--inh-caps=-all",
    "--ambient-caps=-all",
    "--no-new-privs",
    "--pdeathsig=KILL",
    "--",
  ];
}

function unshareSteps({ namespaces }: Confinement): string[] {
  if (!namespaces || namespaces.kinds.length === 0) return [];
  const forks = namespaces.kinds.includes("pid");
  return [
    namespaces.unshare,
    ...namespaces.kinds.map((kind: NamespaceKind) => `--${kind}`),
    ...(forks ? ["--fork", "--kill-child=KILL"] : []),
    "--",
  ];
}

function jailSteps(options: ConfinedCommandOptions): string[] {
  const { jail } = options.confinement;
  if (!jail) return [];
  const limiter = options.confinement.limits?.path;
  const shown = [...new Set([...options.readable, ...(limiter ? [limiter] : [])])];
  return [
    jail.bwrap,
    "--unshare-user",
    "--unshare-net",
    "--unshare-ipc",
    "--unshare-pid",
    "--unshare-uts",
    "--unshare-cgroup-try",
    ...(jail.disableUserns ? ["--disable-userns"] : []),
    ...(jail.seccomp ? ["--seccomp", String(options.seccompFd)] : []),
    "--die-with-parent",
    "--as-pid-1",
    "--cap-drop",
    "ALL",
    ...options.libraries.flatMap(({ path, link }) =>
      link === undefined ? ["--ro-bind", path, path] : ["--symlink", link, path],
    ),
    ...shown.flatMap((path) => ["--ro-bind", path, path]),
    ...["/dev/null", "/dev/urandom"].flatMap((path) => ["--dev-bind", path, path]),
    options.writable ? "--bind" : "--ro-bind",
    options.folder,
    options.folder,
    "--remount-ro",
    "/",
    "--chdir",
    options.folder,
    "--",
  ];
}

/** Reads the filter from its descriptor, closes that, puts the filter before itself, and becomes what follows. */
const installFilter = `my ($fd, $prctl) = splice(@ARGV, 0, 2);
open(my $in, "<&=", $fd) or die "filter: $!"; binmode $in; local $/; my $filter = <$in>; close $in;
my $program = pack("S x6 P", length($filter) / 8, $filter);
syscall($prctl, 22, 2, $program) == 0 or die "filter: $!";
exec { $ARGV[0] } @ARGV or die "exec: $!";`;

/** After the namespaces are made, which the filter forbids. */
function filterSteps({ confinement, seccompFd }: ConfinedCommandOptions): string[] {
  const { filter, jail } = confinement;
  if (!filter || jail || seccompFd === undefined) return [];
  return [filter.perl, "-e", installFilter, "--", String(seccompFd), String(prctlNumber())];
}

function limitSteps({ confinement, limits }: ConfinedCommandOptions): string[] {
  if (!confinement.limits) return [];
  const { by, path } = confinement.limits;
  if (by === "prlimit") {
    return [
      path,
      "--core=0",
      "--fsize=0",
      `--nofile=${limits.openFiles}`,
      ...(limits.dataBytes === undefined ? [] : [`--data=${limits.dataBytes}`]),
      ...(countsOwnTasks(confinement) ? [`--nproc=${limits.tasks}`] : []),
      "--",
    ];
  }
  const data = limits.dataBytes === undefined ? "" : `ulimit -d ${Math.ceil(limits.dataBytes / 1024)}; `;
  return [path, "-c", `ulimit -c 0; ulimit -f 0; ulimit -n ${limits.openFiles}; ${data}exec "$@"`, "sh"];
}

/** Elsewhere the tasks of the host's own user would count against the sandbox. */
export function countsOwnTasks({ privileges, limits, namespaces, jail }: Confinement): boolean {
  const ownUsers = jail !== undefined || (namespaces?.kinds.includes("user") ?? false);
  return limits?.by === "prlimit" && (ownUsers || privileges?.user === "own");
}
