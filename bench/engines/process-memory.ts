/** Private memory of this process and of those below it, in megabytes, on Linux. */
import { readdirSync, readFileSync } from "node:fs";

export async function privateMegabytes(): Promise<{ readonly own: number; readonly children: number }> {
  globalThis.gc?.();
  await new Promise((resolve) => setTimeout(resolve, 300));
  globalThis.gc?.();
  const below = descendants(process.pid);
  return { own: privateOf(process.pid), children: below.reduce((sum, pid) => sum + privateOf(pid), 0) };
}

function privateOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    const kilobytes = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
    return (kilobytes("Private_Clean") + kilobytes("Private_Dirty")) / 1024;
  } catch {
    return 0;
  }
}

function descendants(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // Not a process, or one that has ended.
    }
  }
  const below = (pid: number): number[] =>
    [...parents].flatMap(([child, parent]) => (parent === pid ? [child, ...below(child)] : []));
  return below(root);
}
