import { expect, test } from "vitest";
import { fuzzBridge } from "./bridge-fuzz.ts";

/** `BRIDGE_FUZZ_FRAMES=1000000 BRIDGE_FUZZ_SEED=7 npx vitest run test/hostile/bridge-fuzz.test.ts` */
const frames = Number(process.env["BRIDGE_FUZZ_FRAMES"] ?? 30_000);
const seed = Number(process.env["BRIDGE_FUZZ_SEED"] ?? 20_260_101);

test(
  `${frames} frames of a hostile guest have no effect but its end`,
  { timeout: 30_000 + frames / 10 },
  async () => {
    const report = await fuzzBridge({ seed, frames });
    expect(report.frames).toBeGreaterThanOrEqual(frames);
    expect(report.ends["bridge_violation"]).toBeGreaterThan(report.sessions / 4);
    expect(report.ends["completed"]).toBeGreaterThan(0);
    expect(report.calls).toBeGreaterThan(0);
  },
);

test("a seed gives the same run again", async () => {
  expect(await fuzzBridge({ seed: 3, frames: 500 })).toEqual(await fuzzBridge({ seed: 3, frames: 500 }));
});
