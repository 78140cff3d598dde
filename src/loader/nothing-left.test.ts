import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { loaderEngines } from "../../test/fixtures/loader/loader-engines.ts";
import { identifyProcess, isRunning } from "../sandbox/process/process-identity.ts";
import { createLoader } from "./create-loader.ts";

const script = fileURLToPath(new URL("../../test/fixtures/loader/doomed-host.ts", import.meta.url));
const code = {
  mainModule: "main.js",
  modules: { "main.js": "export default { one: () => 1, spin() { for (;;) {} } };" },
};

interface Worker {
  spin(): void;
  one(): number;
}

/** Process id → its parent's, of all that are alive. */
function parents(): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (state !== "Z") found.set(Number(pid), Number(parent));
    } catch {
      // It is gone.
    }
  }
  return found;
}

/** Everything below a process. */
function below(root: number): number[] {
  const all = parents();
  const reaches = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (all.get(pid) === root || reaches(all.get(pid)));
  return [...all.keys()].filter(reaches);
}

describe.skipIf(process.platform !== "linux").each(loaderEngines)(
  "on $name, nothing is left",
  ({ name, engine }) => {
    it("of a loader that was disposed while a worker spins and another is warm", async () => {
      // What watches over the host itself begins with its first sandbox and stays.
      {
        await using first = createLoader({ engine: engine() });
        expect(await first.load(code).getEntrypoint<Worker>().one()).toBe(1);
      }
      const before = below(process.pid).length;
      const loader = createLoader({ engine: engine() });
      const spinning = loader.load(code).getEntrypoint<Worker>();
      const warm = loader.get("warm", () => code).getEntrypoint<Worker>();
      expect([await spinning.one(), await warm.one()]).toEqual([1, 1]);
      expect(below(process.pid).length).toBeGreaterThan(before);
      const ended = spinning.spin().catch((thrown: unknown) => Reflect.get(Object(thrown), "code"));
      await loader[Symbol.asyncDispose]();
      expect(await ended).toBe("run_cancelled");
      await expect.poll(() => below(process.pid).length, { timeout: 10_000 }).toBeLessThanOrEqual(before);
    });

    it("of a host that was killed", async () => {
      const host = spawn(process.execPath, ["--no-warnings", script, name], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      onTestFinished(() => void host.kill("SIGKILL"));
      await once(host.stdout, "data");
      const sandboxes = await Promise.all(below(host.pid ?? 0).map(identifyProcess));
      expect(sandboxes.length).toBeGreaterThan(1);
      host.kill("SIGKILL");
      const alive = async (): Promise<number> =>
        (await Promise.all(sandboxes.map(async (each) => each !== undefined && isRunning(each)))).filter(
          Boolean,
        ).length;
      await expect.poll(alive, { timeout: 10_000 }).toBe(0);
    });
  },
);
