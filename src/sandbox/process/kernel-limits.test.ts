import { describe, expect, it } from "vitest";
import { startGuest } from "../../../test/fixtures/sandbox/start-guest.ts";
import { isolationLevels } from "../../spec/engine.ts";
import { limitConfinement } from "./confinement.ts";
import { probeIsolation } from "./probe-isolation.ts";
import { countsOwnTasks } from "./to-confined-command.ts";

const { level: best, confinement } = await probeIsolation();
const reached = isolationLevels.slice(0, isolationLevels.indexOf(best) + 1);
const itOnLinux = process.platform === "linux" ? it : it.skip;

describe.each(reached)("limits of the kernel at level %s", (level) => {
  itOnLinux("it may use its memory budget and not much more", async () => {
    const code = `
      const keep = [];
      say("ready");
      const megabytes = await told();
      try { for (let each = 0; each < megabytes; each += 1) keep.push(new Uint8Array(2 ** 20).fill(1)); say("kept"); }
      catch (error) { say(error.name); }`;
    for (const [megabytes, outcomes] of [
      [32, ["kept"]],
      [400, ["RangeError", "died"]],
    ] as const) {
      const guest = await startGuest(code, { level, memory: { baselineMb: 640, budgetMb: 128 } });
      await using sandbox = guest.sandbox;
      await guest.hear();
      await sandbox.seal();
      guest.tell(megabytes);
      expect(outcomes).toContain(await guest.hear().catch(() => "died"));
    }
  });

  itOnLinux("it has so many descriptors and no more", async () => {
    const guest = await startGuest(
      `import { openSync } from "node:fs";
       let opened = 0;
       try { for (;; opened += 1) openSync("guest.mjs"); } catch (error) { say([error.code, opened]); }`,
      { level, openFiles: 64 },
    );
    await using _ = guest.sandbox;
    const answer = await guest.hear();
    expect(answer).toEqual(["EMFILE", expect.toSatisfy((opened: number) => opened > 20 && opened < 64)]);
  });

  // Where the tasks of the host's user would count against the sandbox, there is no such limit.
  if (!countsOwnTasks(limitConfinement(confinement, level))) return;
  itOnLinux.each([
    { tasks: 40, outcome: /^all$/ },
    { tasks: 14, outcome: /^(ERR_|died)/ },
  ])("it can have ten more threads within $tasks tasks: $outcome", async ({ tasks, outcome }) => {
    const guest = await startGuest(
      `import { Worker } from "node:worker_threads";
       const start = () => new Promise((resolve, reject) =>
         new Worker("setInterval(() => {}, 1e6)", { eval: true }).on("online", resolve).on("error", reject));
       try { for (let each = 0; each < 10; each += 1) await start(); say("all"); } catch (error) { say(error.code); }`,
      { level, tasks, memory: { baselineMb: 4_000, budgetMb: 0 } },
    );
    await using _ = guest.sandbox;
    expect(await guest.hear().catch(() => "died")).toMatch(outcome);
  });
});
