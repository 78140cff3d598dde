/**
 * Picks the user id a sandbox runs as when the host is root: one that no account has and no other sandbox
 * of this host uses, so that a sandbox can neither signal nor trace another, nor own a file outside.
 */
import { readFile } from "node:fs/promises";
import { CodemodeError } from "../../errors.ts";

/** Above every range that distributions, systemd and container runtimes hand out (systemd ends at 1,879,048,191). */
const farRange = { first: 1_900_000_000, count: 65_536 };
/** Reserved by Debian policy for allocation on demand; for hosts whose user namespace is small. */
const nearRange = { first: 60_100, count: 1_000 };

const taken = new Set<number>();

/**
 * An unused user id, which is also the group id. Give it back with `returnSandboxUser`. Throws
 * `sandbox_unavailable` where the host's user namespace has too few users.
 */
export async function takeSandboxUser(): Promise<number> {
  const range = await mappedRange();
  if (!range) throw none("the user namespace of this host has no users to spare");
  // Starts anywhere, so that two hosts on one machine rarely meet.
  const offset = Math.floor(Math.random() * range.count);
  for (let step = 0; step < range.count; step += 1) {
    const id = range.first + ((offset + step) % range.count);
    if (taken.has(id)) continue;
    taken.add(id);
    return id;
  }
  throw none(`all ${range.count} are in use`);
}

function none(reason: string): CodemodeError {
  return new CodemodeError("sandbox_unavailable", `There is no unused user for a sandbox: ${reason}.`);
}

export function returnSandboxUser(id: number): void {
  taken.delete(id);
}

async function mappedRange(): Promise<typeof farRange | undefined> {
  const [users, groups] = await Promise.all([mapping("/proc/self/uid_map"), mapping("/proc/self/gid_map")]);
  return [farRange, nearRange].find((range) =>
    [users, groups].every((ranges) =>
      ranges.some(({ first, count }) => first <= range.first && range.first + range.count <= first + count),
    ),
  );
}

async function mapping(path: string): Promise<{ first: number; count: number }[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([first, , count]) => (first === undefined || count === undefined ? [] : [{ first, count }]));
}
