/**
 * Thousands of schedules of crashes, faults and rival hosts over the real run room and journal, each from one
 * seed. `CODEMODE_SCHEDULES` sets how many (100000 in the long mode), `CODEMODE_SEED` runs one alone.
 */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { checkHistory } from "./simulation/check-history.ts";
import { simulate, type History } from "./simulation/simulate.ts";
import { createSimulatedStore, createSqliteStore, type Breach } from "./simulation/simulated-store.ts";

const schedules = Number(process.env["CODEMODE_SCHEDULES"] ?? 1_500);
const only = process.env["CODEMODE_SEED"];
const batch = 250;

beforeEach(
  () =>
    void vi.useFakeTimers({
      toFake: ["Date", "hrtime", "performance", "setTimeout", "clearTimeout", "setInterval", "clearInterval"],
    }),
);
afterEach(() => void vi.useRealTimers());

function explain(seed: number, history: History, violations: readonly string[]): string {
  const { sessions, calls, tree } = history;
  return [
    `seed ${seed} (again: CODEMODE_SEED=${seed}): ${violations.join("; ")}`,
    JSON.stringify(tree),
    ...sessions.map((session, index) => `session ${index + 1}: ${session.join(", ")}`),
    ...calls.map((call) => JSON.stringify(call)),
  ].join("\n");
}

const seeds = only === undefined ? Array.from({ length: schedules }, (_, seed) => seed) : [Number(only)];
const firsts = seeds.filter((_, index) => index % batch === 0);

it.each(firsts)(
  "schedules from seed %i lose nothing and do nothing twice",
  async (first) => {
    const seen = { deaths: 0, sleeps: 0, alone: 0 };
    for (const seed of seeds.slice(seeds.indexOf(first), seeds.indexOf(first) + batch)) {
      const history = await simulate({ seed, store: createSimulatedStore() });
      const violations = checkHistory(history);
      if (violations.length > 0) throw new Error(explain(seed, history, violations));
      seen.deaths += history.deaths;
      seen.sleeps += history.sleeps;
      if (history.goesOnAlone) seen.alone += 1;
    }
    if (only !== undefined) return;
    expect(seen.deaths, "hosts died").toBeGreaterThan(batch / 4);
    expect(seen.sleeps, "hosts were stopped and woke").toBeGreaterThan(batch / 20);
    expect(seen.alone, "runs were answered and left to go on by themselves").toBeGreaterThan(batch / 4);
  },
  600_000,
);

it("every place between two journal statements survives a crash", async () => {
  for (const seed of [3, 11, 29, 47]) {
    const calm = await simulate({
      seed,
      store: createSimulatedStore(),
      crash: { at: 0, when: "die before" },
      faulty: false,
    });
    expect(checkHistory(calm)).toEqual([]);
    expect(calm.deaths).toBe(0);
    for (let at = 1; at <= calm.statements; at += 1)
      for (const when of ["die before", "die after"] as const) {
        const history = await simulate({
          seed,
          store: createSimulatedStore(),
          crash: { at, when },
          faulty: false,
        });
        const violations = checkHistory(history);
        if (violations.length > 0)
          throw new Error(`${when} statement ${at}: ${explain(seed, history, violations)}`);
      }
  }
}, 600_000);

it("holds over SQLite as well", async () => {
  for (const seed of seeds.slice(0, Math.ceil(seeds.length / 10))) {
    const history = await simulate({ seed, store: createSqliteStore() });
    const violations = checkHistory(history);
    if (violations.length > 0) throw new Error(explain(seed, history, violations));
  }
}, 600_000);

it.each<Breach>(["forgets durable commits", "forgets intents", "takes late writes"])(
  "notices a store that %s",
  async (breach) => {
    const found: string[] = [];
    for (let seed = 0; seed < 5_000 && found.length === 0; seed += 1)
      found.push(...checkHistory(await simulate({ seed, store: createSimulatedStore(breach) })));
    expect(found).not.toEqual([]);
  },
  600_000,
);

it("makes the same history of the same seed", async () => {
  vi.setSystemTime(0);
  const first = await simulate({ seed: 5, store: createSimulatedStore() });
  vi.setSystemTime(0);
  const second = await simulate({ seed: 5, store: createSimulatedStore() });
  expect(second.sessions).toEqual(first.sessions);
  expect(second.statements).toBe(first.statements);
});
