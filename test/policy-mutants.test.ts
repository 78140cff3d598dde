/**
 * A sample of the mutation test of the policy; `node scripts/mutate-policy.ts` runs the whole of it.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("finds at least 95% of a sample of faults in the policy", { timeout: 300_000 }, async () => {
  const script = join(import.meta.dirname, "../scripts/mutate-policy.ts");
  const { stdout } = await promisify(execFile)(process.execPath, ["--no-warnings", script, "--every", "15"]);
  expect(stdout).toMatch(/mutants of src\/policy killed/);
});
