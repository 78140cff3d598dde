/**
 * Runs hostile snippets over every engine against one host with something to steal, and after each of them
 * asserts what must hold whatever happened: the canary is nowhere, the host's prototypes are as they were,
 * the record is complete, and the next run works.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createCodemode,
  createMemoryJournal,
  createQuickJsEngine,
  createWorkerdEngine,
  type Codemode,
  type Engine,
  type Execution,
  type Journal,
  type RunDocument,
} from "../../src/index.ts";
import { canary } from "./canary.ts";
import { childrenOf, commandOf, descriptors, prototypesToText } from "./host-state.ts";
import { createLabSource } from "./lab-source.ts";

export interface EngineSize {
  /** Processes kept ready, and processes at once. */
  readonly prewarm?: number;
  readonly most?: number;
}

export const engines: readonly (readonly [name: string, create: (size?: EngineSize) => Engine])[] = [
  ["workerd", createWorkerdEngine],
  ["quickjs", createQuickJsEngine],
];

export interface HostileCase {
  readonly what: string;
  readonly code: string;
  /** What must be true of the run, beyond what is asserted of every run. */
  readonly expect: (document: RunDocument, host: HostileHost) => void;
}

export interface HostileHost {
  readonly codemode: Codemode;
  readonly journal: Journal;
  /** Arguments of every call that reached the upstream. */
  readonly sent: unknown[];
}

export const limits = {
  wallMs: 3_000,
  lifetimeMs: 10_000,
  cpuMs: 700,
  memoryMb: 64,
  calls: 300,
  callsInFlight: 16,
  logBytes: 64 * 1024,
  timers: 500,
  argumentBytes: 2 ** 20,
  resultBytes: 4 * 2 ** 20,
  depth: 100,
  callMs: 3_000,
};

/** Evidence a snippet returns: each entry must be one of the words that mean "not there". */
export function unreachable({ status, result, error }: RunDocument): void {
  if (status === "failed") {
    expect(error?.code).toMatch(
      /^(snippet_threw|snippet_syntax|unsupported|value_unsupported|never_settled)$/,
    );
    return;
  }
  expect(status).toBe("completed");
  const found = (Array.isArray(result) ? result : [result]).filter(
    (each) => !absent.has(typeof each === "string" ? each : JSON.stringify(each)),
  );
  expect(found).toEqual([]);
}

const absent = new Set(["undefined", "threw", "refused", "null", "false", ""]);

/** The run was refused or failed readably, with one of these codes. */
export function refused(...codes: string[]) {
  return ({ status, error }: RunDocument): void => {
    expect([status, error?.code]).toEqual([
      "failed",
      expect.stringMatching(new RegExp(`^(${codes.join("|")})$`)),
    ]);
    expect(error?.message.length).toBeGreaterThan(10);
  };
}

/** The run was ended within its deadline: generous slack for a shared machine, far below a hang. */
export function killed(...codes: string[]) {
  return (document: RunDocument): void => {
    refused(...codes)(document);
    expect(document.timings.totalMs).toBeLessThan(limits.lifetimeMs + 5_000);
  };
}

/** The snippet completed, and returned just this. */
export function returned(value: unknown) {
  return ({ status, result, error }: RunDocument): void => {
    expect({ status, result, error }).toEqual({ status: "completed", result: value, error: undefined });
  };
}

/** `more` adds tests that need more than one snippet; they run before the last look at what is left. */
export function describeHostile(
  title: string,
  cases: readonly HostileCase[],
  more: (host: () => HostileHost) => void = () => undefined,
): void {
  describe.each(engines)(`${title} on %s`, (_, create) => {
    let host: HostileHost;
    const before = { children: 0, descriptors: 0, prototypes: "" };

    beforeAll(async () => {
      before.children = childrenOf(process.pid).length;
      before.prototypes = prototypesToText();
      host = await openHost(create());
      before.descriptors = descriptors();
    });
    afterAll(async () => {
      await host.codemode.close();
      await until(() => childrenOf(process.pid).length <= before.children);
      expect(childrenOf(process.pid).map(commandOf)).toHaveLength(before.children);
    });

    it.each(cases)("$what", async ({ code, expect: check }) => {
      host.sent.length = 0;
      const { document, text } = await host.codemode.execute({ code });
      check(document, host);
      expect(document.status).toMatch(/^(completed|failed|paused)$/);
      await expectUnharmed(host, { document, text });
      expect(prototypesToText()).toBe(before.prototypes);
    });

    more(() => host);

    it("leaves no file descriptor behind", async () => {
      await expect.poll(descriptors, { timeout: 5_000 }).toBeLessThan(before.descriptors + 12);
    });
  });
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !condition(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

/** The canary is nowhere, the record is what was answered, and the next run works. */
export async function expectUnharmed(host: HostileHost, { document, text }: Execution): Promise<void> {
  const calls = await host.journal.calls(document.runId);
  expect(JSON.stringify(document) + text + JSON.stringify(calls)).not.toContain(canary);
  const { timings: _, ...shown } = await host.codemode.show({ runId: document.runId });
  const { timings: __, ...answered } = document;
  expect(shown).toEqual(answered);
  const next = await host.codemode.execute({ code: "return await tools.lab.echo({ next: true })" });
  expect(next.document).toMatchObject({ status: "completed", result: { next: true } });
}

export async function openHost(engine: Engine): Promise<HostileHost> {
  const sent: unknown[] = [];
  const journal = createMemoryJournal();
  const codemode = createCodemode({
    sources: [createLabSource(sent)],
    engine,
    journal,
    limits,
    check: "off",
    overrides: { lab: { exclude: ["hidden"] } },
    policy: ({ tool }) => ({
      decision: tool.path === "lab.denied" ? "deny" : tool.effect === "read" ? "allow" : "ask",
      reason: "The lab's policy.",
    }),
  });
  await codemode.execute({ code: "return 1" });
  return { codemode, journal, sent };
}
