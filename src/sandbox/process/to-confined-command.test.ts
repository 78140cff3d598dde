import { describe, expect, it } from "vitest";
import type { Confinement } from "./confinement.ts";
import { toConfinedCommand, type ConfinedCommandOptions } from "./to-confined-command.ts";

const setpriv = "/usr/bin/setpriv";
const own = { privileges: { setpriv, user: "own" } } satisfies Confinement;
const limits = { by: "prlimit", path: "/usr/bin/prlimit" } as const;
const unshare = "/usr/bin/unshare";

const cases: readonly {
  name: string;
  confinement: Confinement;
  first: string;
  order: string[];
  forks: boolean;
}[] = [
  { name: "nothing", confinement: {}, first: "/bin/engine", order: ["--serve"], forks: false },
  {
    name: "limits only",
    confinement: { limits },
    first: limits.path,
    order: ["--core=0", "--fsize=0", "--nofile=99", "--data=1048576", "/bin/engine", "--serve"],
    forks: false,
  },
  {
    name: "limits by a shell",
    confinement: { limits: { by: "sh", path: "/bin/sh" } },
    first: "/bin/sh",
    order: ["-c", 'ulimit -c 0; ulimit -f 0; ulimit -n 99; ulimit -d 1024; exec "$@"', "/bin/engine"],
    forks: false,
  },
  {
    name: "the user is dropped before anything else is done",
    confinement: { ...own, limits, namespaces: { unshare, kinds: ["user", "net", "pid"], entered: "user" } },
    first: setpriv,
    order: [
      "--reuid=77",
      "--regid=77",
      "--clear-groups",
      "--bounding-set=-all",
      "--no-new-privs",
      "--pdeathsig=KILL",
      unshare,
      "--user",
      "--fork",
      "--kill-child=KILL",
      limits.path,
      "--nproc=9",
      "/bin/engine",
    ],
    forks: true,
  },
  {
    name: "namespaces made as root come before the drop",
    confinement: { ...own, namespaces: { unshare, kinds: ["net", "ipc"], entered: "root" } },
    first: unshare,
    order: ["--net", "--ipc", setpriv, "--reuid=77", "/bin/engine"],
    forks: false,
  },
  {
    name: "a jail takes the place of namespaces and shows limits' program",
    confinement: {
      ...own,
      limits,
      namespaces: { unshare, kinds: ["user", "pid"], entered: "user" },
      jail: { bwrap: "/usr/bin/bwrap", disableUserns: true, seccomp: true },
    },
    first: setpriv,
    order: [
      "/usr/bin/bwrap",
      "--unshare-net",
      "--disable-userns",
      "--seccomp",
      "5",
      "--die-with-parent",
      "--as-pid-1",
      "--ro-bind",
      "/usr/lib",
      "--symlink",
      "usr/lib",
      "/lib",
      "/data",
      limits.path,
      "--bind",
      "/box",
      "--remount-ro",
      "/",
      "--chdir",
      "/box",
      "/bin/engine",
    ],
    forks: true,
  },
];

const toOptions = (confinement: Confinement): ConfinedCommandOptions => ({
  confinement,
  limits: { dataBytes: 2 ** 20, openFiles: 99, tasks: 9 },
  user: 77,
  folder: "/box",
  writable: true,
  seccompFd: 5,
  readable: ["/data"],
  libraries: [{ path: "/usr/lib" }, { path: "/lib", link: "usr/lib" }],
});

describe("toConfinedCommand", () => {
  it.each(cases)("$name", ({ confinement, first, order, forks }) => {
    const line = toConfinedCommand("/bin/engine", ["--serve"], toOptions(confinement));
    expect(line.command).toBe(first);
    expect(line.forks).toBe(forks);
    // Each is found after the one before it.
    let at = -1;
    for (const argument of order) {
      const found = line.args.indexOf(argument, at + 1);
      expect(found, `${argument} in ${line.args.join(" ")}`).toBeGreaterThan(at);
      at = found;
    }
  });

  it("counts tasks only where they are the sandbox's own", () => {
    const shared = { privileges: { setpriv, user: "host" }, limits } satisfies Confinement;
    const text = (confinement: Confinement) =>
      toConfinedCommand("/bin/engine", [], toOptions(confinement)).args.join(" ");
    expect(text(shared)).not.toContain("--nproc");
    expect(text({ ...own, limits })).toContain("--nproc=9");
  });

  it("binds the folder read-only where no socket is made", () => {
    const jail = { bwrap: "/usr/bin/bwrap", disableUserns: false, seccomp: false };
    const { args } = toConfinedCommand("/bin/engine", [], {
      ...toOptions({ ...own, jail }),
      writable: false,
    });
    expect(args[args.indexOf("/box") - 1]).toBe("--ro-bind");
    expect(args).not.toContain("--disable-userns");
    expect(args).not.toContain("--seccomp");
  });
});
