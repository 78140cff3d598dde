/**
 * Ends sandboxes when the host dies: one small shell per host that waits for the end of its input, which
 * comes when the host is gone, however it went. The kernel's parent-death signal does the same a little
 * sooner, where there is one, but not for a sandbox that is just being started.
 */
import type { ChildProcess } from "node:child_process";
import { startProcess } from "../../child-process/start-process.ts";

/** Reads `+ <group>` and `- <group>`; at the end of input, kills the groups that are left. */
const script = `groups=" "
while read -r change group; do
  case "$change" in
    +) groups="$groups$group " ;;
    -) case "$groups" in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group"; done`;

let watchdog: ChildProcess | undefined;

/** Has this process group killed when the host dies. Dispose once it is gone. Does nothing on Windows. */
export function watchOver(group: number): Disposable {
  if (process.platform === "win32") return { [Symbol.dispose]: () => undefined };
  if (watchdog?.exitCode !== null || watchdog.signalCode !== null) watchdog = startWatchdog();
  const { stdin } = watchdog;
  stdin?.write(`+ ${group}\n`);
  return { [Symbol.dispose]: () => void stdin?.write(`- ${group}\n`) };
}

function startWatchdog(): ChildProcess {
  // Out of the host's group, so that what is typed at a terminal does not end it first.
  const child = startProcess("/bin/sh", ["-c", script], {
    cwd: "/",
    env: {},
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.on("error", () => undefined);
  child.stdin?.on("error", () => undefined);
  child.unref();
  if (child.stdin && "unref" in child.stdin && typeof child.stdin.unref === "function") child.stdin.unref();
  return child;
}
