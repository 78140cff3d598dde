/**
 * Runs hostile snippets over every engine against one host with something to steal, and after each of them
 * asserts what must hold whatever happened: the canary is nowhere, the host's prototypes are as they were,
 * the record is complete, and the next run works.
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createCodemode,
  createFunctionsSource,
  createMemoryJournal,
  createWorkerdEngine,
  type Codemode,
  type Engine,
  type Journal,
  type RunDocument,
} from "../../src/index.ts";

export const canary = "canary-3f9c1d7e-do-not-leak";
process.env["CODEMODE_CANARY"] = canary;

export const engines: readonly (readonly [name: string, create: () => Engine])[] = [
  ["workerd", () => createWorkerdEngine()],
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
  const found = (Array.isArray(result) ? result : [result]).filter((each) => !absent.has(String(each)));
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

export function describeHostile(title: string, cases: readonly HostileCase[]): void {
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
      await expectUnharmed(host, document, text);
      expect(prototypesToText()).toBe(before.prototypes);
    });

    it("leaves no file descriptor behind", async () => {
      await expect.poll(descriptors, { timeout: 5_000 }).toBeLessThan(before.descriptors + 12);
    });
  });
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !condition(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

async function expectUnharmed(host: HostileHost, document: RunDocument, text: string): Promise<void> {
  const calls = await host.journal.calls(document.runId);
  expect(JSON.stringify(document) + text + JSON.stringify(calls)).not.toContain(canary);
  const { timings: _, ...shown } = await host.codemode.show({ runId: document.runId });
  const { timings: __, ...answered } = document;
  expect(shown).toEqual(answered);
  const next = await host.codemode.execute({ code: "return await tools.lab.echo({ next: true })" });
  expect(next.document).toMatchObject({ status: "completed", result: { next: true } });
}

async function openHost(engine: Engine): Promise<HostileHost> {
  const sent: unknown[] = [];
  const journal = createMemoryJournal();
  const input = { type: "object" } as const;
  const lab = createFunctionsSource("lab", {
    echo: {
      description: "Answers with its arguments.",
      effect: "read",
      input,
      run: (args: unknown) => (sent.push(args), args),
    },
    slow: {
      description: "Answers late.",
      effect: "read",
      input,
      run: (args: unknown) => (
        sent.push(args),
        new Promise((resolve) => setTimeout(() => resolve(args), 30))
      ),
    },
    fail: {
      description: "Fails.",
      effect: "read",
      input,
      run: () => Promise.reject(new Error("no", { cause: new Error(canary) })),
    },
    strict: {
      description: "Takes exactly a number.",
      effect: "read",
      input: {
        type: "object",
        properties: {
          n: { type: "number" },
          kind: { enum: ["a", "b"] },
          word: { type: "string", pattern: "^(a+)+$" },
        },
        required: ["n"],
        additionalProperties: false,
      },
      run: (args: unknown) => (sent.push(args), "fits"),
    },
    write: {
      description: "Writes.",
      effect: "write",
      input,
      run: (args: unknown) => (sent.push(args), "written"),
    },
    denied: {
      description: "Is denied.",
      effect: "destructive",
      input,
      run: (args: unknown) => (sent.push(args), "done"),
    },
    odd: {
      description: "Answers with something odd.",
      effect: "read",
      input,
      run: ({ kind }: { kind?: string }) => oddAnswer(kind ?? ""),
    },
  });
  const codemode = createCodemode({
    sources: [lab],
    engine,
    journal,
    limits,
    check: "off",
    policy: ({ tool }) => ({
      decision: tool.path === "lab.denied" ? "deny" : tool.effect === "read" ? "allow" : "ask",
      reason: "The lab's policy.",
    }),
  });
  await codemode.execute({ code: "return 1" });
  return { codemode, journal, sent };
}

function oddAnswer(kind: string): unknown {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  let deep: unknown = 1;
  if (kind === "deep") for (let at = 0; at < 200_000; at += 1) deep = [deep];
  const odd: { readonly [kind: string]: () => unknown } = {
    cycle: () => cycle,
    deep: () => deep,
    huge: () => "x".repeat(64 * 2 ** 20),
    many: () => Array.from({ length: 2_000_000 }, () => 0),
    function: () => () => 1,
    symbol: () => Symbol("odd"),
    getter: () =>
      Object.defineProperty({}, "x", {
        enumerable: true,
        get: () => {
          throw new Error("got");
        },
      }),
    proxy: () =>
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error("trapped");
          },
        },
      ),
    toJson: () => ({
      toJSON: () => {
        throw new Error("json");
      },
    }),
    proto: () => JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
    promise: () => ({ inner: Promise.resolve(1) }),
    thenable: () => ({ then: "not a function", value: 1 }),
    native: () => ({
      date: new Date(0),
      big: 10n ** 30n,
      bytes: new Uint8Array([1, 2]),
      map: new Map([["k", 1]]),
      set: new Set([1]),
      nan: Number.NaN,
      none: undefined,
    }),
  };
  return odd[kind]?.();
}

/** Names, kinds and identities of everything on the prototypes a guest could want to change. */
function prototypesToText(): string {
  const all = [
    Object,
    Array,
    Function,
    Promise,
    String,
    Number,
    RegExp,
    Map,
    Set,
    Date,
    Error,
    Uint8Array,
    JSON,
    Reflect,
  ];
  return all
    .map((each) => {
      const target = "prototype" in each ? each.prototype : each;
      return Object.getOwnPropertyNames(target)
        .map((name) => `${name}:${typeof Object.getOwnPropertyDescriptor(target, name)?.value}`)
        .join();
    })
    .join("\n");
}

function childrenOf(parent: number): number[] {
  return (
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => parentOf(pid) === parent)
      // The watchdog that would end sandboxes after a crash of the host lives as long as the host.
      .filter((pid) => !commandOf(pid).startsWith("/bin/sh -c groups="))
  );
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

function parentOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[1]);
  } catch {
    return -1;
  }
}

function descriptors(): number {
  return readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return /^(socket|pipe|\/)/.test(readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      return false;
    }
  }).length;
}
