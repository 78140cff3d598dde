/**
 * One schedule, from one seed: a run begun by a host that dies, taken up by others that may die too, questions
 * answered by a person who knows the truth, until it has ended. The run room and the journal are the real ones.
 */
import { toBinding } from "../../../src/run/questions/question-binding.ts";
import { vi } from "vitest";
import { createCodemode } from "../../../src/codemode.ts";
import { CodemodeError } from "../../../src/errors.ts";
import type { Codemode } from "../../../src/spec/codemode.ts";
import type { ApprovalRow, CallRow, RunRow } from "../../../src/spec/journal.ts";
import type { RunDocument } from "../../../src/spec/run.ts";
import { createChoice } from "../generate-program.ts";
import { createFaultyJournal, type Incident } from "./faulty-journal.ts";
import { generateTree, type Tree } from "./program-tree.ts";
import { createSimulatedEngine } from "./simulated-engine.ts";
import type { SimulatedStore } from "./simulated-store.ts";
import { createSimulatedUpstream } from "./simulated-upstream.ts";
import { createVirtualTime } from "./virtual-time.ts";

export interface History {
  readonly tree: Tree;
  readonly effects: ReadonlyMap<number, number>;
  /** What each session issued and was given. */
  readonly sessions: readonly (readonly string[])[];
  /** Rows that a host was told are on disk. */
  readonly acknowledged: readonly CallRow[];
  /** Documents of ended runs that were handed out, and whether the machine lost its power after that. */
  readonly answers: readonly { readonly document: RunDocument; readonly powerLost: boolean }[];
  readonly errors: readonly string[];
  readonly run: RunRow | undefined;
  readonly calls: readonly CallRow[];
  readonly deaths: number;
  /** Hosts that were stopped and woke after others had taken their run. */
  readonly sleeps: number;
  /** Nobody resumed the run: whatever was answered went on by recovery alone. */
  readonly goesOnAlone: boolean;
  readonly statements: number;
}

export interface Schedule {
  readonly seed: number;
  readonly store: SimulatedStore;
  /** The first host dies at this statement, before or after it; drawn from the seed unless given. */
  readonly crash?: { readonly at: number; readonly when: "die before" | "die after" };
  /** Faults of tools, store and clock beside crashes. Default true. */
  readonly faulty?: boolean;
}

interface Host {
  readonly codemode: Codemode;
  readonly died: Promise<void>;
  readonly slept: Promise<void>;
}

const most = 14;
/** A machine that is suspended, or a process that is stopped: longer than any lease with its margin. */
const sleepMs = 200_000;

export async function simulate({ seed, store, crash, faulty = true }: Schedule): Promise<History> {
  vi.setSystemTime(Date.UTC(2026, 0, 1));
  const choose = createChoice(seed);
  const time = createVirtualTime();
  const tree = generateTree(choose);
  const upstream = createSimulatedUpstream(choose, faulty);
  const truth = store.open();
  const sessions: string[][] = [];
  const acknowledged: CallRow[] = [];
  const answers: { readonly document: RunDocument; readonly lossesBefore: number }[] = [];
  let powerLosses = 0;
  const errors: string[] = [];
  const hosts: Codemode[] = [];
  const alive = new Set<() => void>();
  let deaths = 0;
  let sleeps = 0;
  const goesOnAlone = choose(2) === 0;
  let statements = 0;

  function open(plan: () => Incident): Host {
    const death = Promise.withResolvers<void>();
    const nap = Promise.withResolvers<void>();
    let awake = Promise.resolve();
    let dead = false;
    const engine = createSimulatedEngine({
      active: time.active,
      begin: () => {
        const trace: string[] = [];
        sessions.push(trace);
        return trace;
      },
    });
    const kill = (): void => {
      if (dead) return;
      dead = true;
      deaths += 1;
      alive.delete(kill);
      engine.kill();
      death.resolve();
    };
    alive.add(kill);
    const journal = createFaultyJournal(store.open(), {
      incident: () => {
        statements += 1;
        time.active();
        return plan();
      },
      isDead: () => dead,
      die: () => {
        kill();
        if (choose(2) === 0) return;
        // The machine itself: whoever else is on it goes too.
        for (const other of alive) other();
        store.losePower();
        powerLosses += 1;
      },
      sleep: () => {
        sleeps += 1;
        awake = new Promise((resolve) => setTimeout(resolve, sleepMs));
        nap.resolve();
      },
      awake: () => awake,
      busy: time.busy,
      acknowledged: ({ calls = [] }) =>
        acknowledged.push(...calls.filter((call) => call.outcome !== undefined)),
    });
    const codemode = createCodemode({
      sources: [upstream.source({ isDead: () => dead, awake: () => awake })],
      engine,
      check: "off",
      journal,
      policy: ({ tool }) => ({
        decision: tool.path === "upstream.asked" ? "ask" : "allow",
        reason: "simulated",
      }),
    });
    hosts.push(codemode);
    return { codemode, died: death.promise, slept: nap.promise };
  }

  /** Dies or falls asleep at a statement drawn from the seed, or never; now and then the store refuses. */
  function draw(dies: boolean): () => Incident {
    const at = dies ? 1 + choose(30) : Infinity;
    const when = (["die before", "die after", "sleep after"] as const)[choose(3)];
    let count = 0;
    return () => {
      count += 1;
      if (count === at) return when;
      return faulty && choose(25) === 0 ? "refuse" : undefined;
    };
  }

  async function attempt(
    host: Host,
    work: () => Promise<{ readonly document: RunDocument } | number>,
  ): Promise<void> {
    const done = work().then(
      (value) => {
        if (typeof value !== "number" && isEnded(value.document.status)) {
          answers.push({ document: value.document, lossesBefore: powerLosses });
        }
      },
      (error: unknown) => errors.push(error instanceof CodemodeError ? error.code : String(error)),
    );
    await time.until(Promise.race([done, host.died, host.slept]));
  }

  async function person(host: Host, asked: ApprovalRow): Promise<void> {
    const { runId, seq, kind } = asked;
    const call = (await truth.calls(runId)).find((each) => each.seq === seq);
    const id = idOf(call);
    // As a form and a terminal answer: the very asking that was looked at, and no later one of the same call.
    const binding = toBinding(asked, call);
    // Nobody can tell while the request of a host that lost the run may still be on its way.
    await time.pass(200);
    const happened = (upstream.effects.get(id) ?? 0) > 0;
    const approve = kind === "in_doubt" ? happened : choose(5) > 0;
    const said = kind === "in_doubt" && (happened ? { value: "a person saw it" } : { resend: choose(5) > 0 });
    await attempt(host, () => host.codemode.answer({ runId, seq, binding, approve, ...said }));
  }

  /** Whoever sets the clock does not ask the runs. */
  function jump(): void {
    vi.setSystemTime(Date.now() + (choose(2) === 0 ? 1 : -1) * choose(400_000));
    time.active();
  }

  let planned = 0;
  const given = (): Incident => {
    planned += 1;
    return crash !== undefined && planned === crash.at ? crash.when : undefined;
  };
  const first = open(crash === undefined ? draw(choose(5) > 0) : given);
  await attempt(first, () =>
    first.codemode.execute({ code: `return ${JSON.stringify(JSON.stringify(tree))}` }),
  );

  for (let round = 0; round < most; round += 1) {
    const [row] = await truth.runs({ principal: "local" });
    if (row === undefined || isEnded(row.status)) break;
    if (faulty && choose(6) === 0) jump();
    await time.pass(130_000);
    if (faulty && choose(4) === 0) setTimeout(jump, choose(120));
    const dying = crash === undefined && round < 4 && choose(2) === 0;
    const taking = Array.from({ length: crash === undefined ? 1 + choose(2) : 1 }, () =>
      open(round < most / 2 ? draw(dying) : () => undefined),
    );
    await Promise.all(
      taking.map(async (host) => {
        await attempt(host, () => host.codemode.recover());
        for (const asked of await truth.approvals(row.runId))
          if (asked.state === "pending") await person(host, asked);
        if (!goesOnAlone) await attempt(host, () => host.codemode.resume({ runId: row.runId }));
      }),
    );
  }

  const [last] = await truth.runs({ principal: "local" });
  const run = last && (await truth.run("local", last.runId));
  const calls = last === undefined ? [] : await truth.calls(last.runId);
  const died = deaths;
  for (const kill of alive) kill();
  // Nothing is heard of them any more; but a run that waits for ever would keep them in memory by its signals.
  for (const codemode of hosts) void codemode.close();
  vi.clearAllTimers();
  return {
    tree,
    effects: upstream.effects,
    sessions,
    acknowledged,
    answers: answers.map(({ document, lossesBefore }) => ({
      document,
      powerLost: powerLosses > lossesBefore,
    })),
    errors: [...errors],
    run,
    calls,
    deaths: died,
    sleeps,
    goesOnAlone,
    statements,
  };
}

export function isEnded(status: string): boolean {
  return status === "completed" || status === "failed" || status === "rejected" || status === "cancelled";
}

/** The id that a call was made with; 0 for a timer. */
export function idOf(call: CallRow | undefined): number {
  return call?.kind === "tool" ? ((JSON.parse(call.args) as { id: number }[])[0]?.id ?? 0) : 0;
}
