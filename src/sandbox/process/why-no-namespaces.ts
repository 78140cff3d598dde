/**
 * Says in one sentence why this machine forbids user namespaces and how to allow them, from the settings
 * that usually do it.
 */
import { readFile } from "node:fs/promises";

export async function whyNoNamespaces(): Promise<string> {
  const [apparmor, clone, most, docker] = await Promise.all([
    setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
    setting("/proc/sys/kernel/unprivileged_userns_clone"),
    setting("/proc/sys/user/max_user_namespaces"),
    setting("/.dockerenv"),
  ]);
  if (apparmor === "1") {
    return "AppArmor forbids user namespaces here: allow them with `sysctl kernel.apparmor_restrict_unprivileged_userns=0` or a profile for bwrap.";
  }
  if (clone === "0") {
    return "The kernel is set to forbid user namespaces: allow them with `sysctl kernel.unprivileged_userns_clone=1`.";
  }
  if (most === "0") {
    return "The kernel is set to allow no user namespaces: allow them with `sysctl user.max_user_namespaces=10000`.";
  }
  if (docker !== undefined) {
    return "The container forbids namespaces: start it with `--security-opt seccomp=unconfined`, or with a seccomp profile that allows unshare and clone.";
  }
  return "The machine or its container forbids namespaces: allow unprivileged user namespaces.";
}

async function setting(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").then(
    (text) => text.trim(),
    () => undefined,
  );
}
