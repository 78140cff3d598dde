/**
 * Two hosts on one store on disk: whatever the order in which they answer, resume, die and recover, a write
 * is sent once.
 */
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  createCodemode,
  createFunctionsSource,
  createSqliteJournal,
  type Codemode,
} from "../../src/index.ts";
import { engines, type EngineSize } from "./hostile-host.ts";

describe.each(engines)("40. two hosts on one store, on %s", (_, createEngine) => {
  interface World {
    readonly effects: unknown[];
    readonly open: (size?: EngineSize) => Codemode;
  }

  function createWorld(delayMs = 5): World {
    const folder = mkdtempSync(join(tmpdir(), "codemode-two-hosts-"));
    const hosts: Codemode[] = [];
    const effects: unknown[] = [];
    onTestFinished(async () => {
      await Promise.all(hosts.map((host) => host.close()));
      await rm(folder, { recursive: true });
    });
    const open = (size: EngineSize = { prewarm: 1 }): Codemode => {
      const source = createFunctionsSource("s", {
        write: {
          description: "Writes, slowly.",
          effect: "write",
          input: { type: "object" },
          run: async (args: unknown) => {
            effects.push(args);
            await new Promise((resolve) => setTimeout(resolve, delayMs));
            return effects.length;
          },
        },
      });
      const codemode = createCodemode({
        sources: [source],
        engine: createEngine(size),
        check: "off",
        journal: createSqliteJournal({ path: join(folder, "state.db") }),
      });
      hosts.push(codemode);
      return codemode;
    };
    return { effects, open };
  }

  const code = "return await tools.s.write({ once: true })";

  async function pause(host: Codemode): Promise<string> {
    const { document } = await host.execute({ code });
    expect(document.status).toBe("paused");
    return document.runId;
  }

  it("sends once when both resume at once, and both have the result", async () => {
    const { effects, open } = createWorld(50);
    const hosts = [open(), open()];
    const runId = await pause(hosts[0] ?? open());
    await hosts[1]?.answer({ runId, approve: true });
    const ended = await Promise.all(
      hosts.flatMap((host) => [host.resume({ runId }), host.resume({ runId })]),
    );
    expect(ended.map((each) => [each.document.status, each.document.result])).toEqual(
      ended.map(() => ["completed", 1]),
    );
    expect(effects).toEqual([{ once: true }]);
  });

  it("counts one of many answers, from whichever host", async () => {
    const { effects, open } = createWorld();
    const hosts = [open(), open()];
    const runId = await pause(hosts[0] ?? open());
    const answers = await Promise.allSettled(
      [...hosts, ...hosts, ...hosts].map((host, index) => host.answer({ runId, approve: index % 2 === 0 })),
    );
    expect(answers.filter((each) => each.status === "fulfilled")).toHaveLength(1);
    await Promise.all(hosts.map((host) => host.resume({ runId })));
    expect(effects.length).toBeLessThanOrEqual(1);
  });

  it("sends once when both approve and resume in one breath", async () => {
    const { effects, open } = createWorld(20);
    const hosts = [open(), open()];
    const runId = await pause(hosts[0] ?? open());
    const ended = await Promise.all(
      hosts.map(async (host) => {
        await host.answer({ runId, approve: true }).catch(() => undefined);
        return host.resume({ runId });
      }),
    );
    expect(ended.map((each) => each.document.status)).toEqual(["completed", "completed"]);
    expect(effects).toHaveLength(1);
  });

  it("keeps a run that one host holds from the other's recovery", async () => {
    const { effects, open } = createWorld(400);
    const [first, second] = [open(), open()];
    const runId = await pause(first);
    await first.answer({ runId, approve: true });
    const going = first.resume({ runId });
    await expect.poll(() => effects.length).toBe(1);
    await second.recover();
    expect((await second.resume({ runId })).document.result).toBe(1);
    expect((await going).document.result).toBe(1);
    expect(effects).toHaveLength(1);
  });

  it("does not send again what a host that closed in the middle had sent", async () => {
    const { effects, open } = createWorld(300);
    const [first, second] = [open(), open()];
    const runId = await pause(first);
    await first.answer({ runId, approve: true });
    const going = first.resume({ runId }).catch((error: unknown) => error);
    await expect.poll(() => effects.length).toBe(1);
    await first.close();
    await going;
    await second.recover();
    const { document } = await second.resume({ runId });
    expect(document.status).toMatch(/^(completed|failed|cancelled|paused)$/);
    expect(effects).toHaveLength(1);
  });

  it("goes on after the other has ended", async () => {
    const { effects, open } = createWorld();
    const first = open();
    const runId = await pause(first);
    await first.close();
    const second = open();
    await second.answer({ runId, approve: true });
    expect((await second.resume({ runId })).document.result).toBe(1);
    expect(effects).toHaveLength(1);
  });
});
