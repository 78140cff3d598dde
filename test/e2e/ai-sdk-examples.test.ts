/** The examples of the AI SDK, type-checked against the built package and run with their scripted model. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { root } from "../fixtures/built-cli.ts";

const run = promisify(execFile);
const folder = join(root, "examples/ai-sdk");

const examples: readonly (readonly [file: string, output: string | RegExp])[] = [
  ["two-lines.ts", "Take a coat to Berlin and Oslo. (2 steps)\n"],
  ["approval.ts", `May it call app.pay({"id":"a1","amount":120})? yes\nBoth are paid.\n`],
  ["progress.ts", /^(?:[1-3] calls, now app\.fetchPage\n){2,}completed\nThere are 60 items\.\n$/],
  ["leave-workers.ts", "Yes, the sun shines in London.\n"],
];

describe("the examples of the AI SDK", () => {
  it("type-check", async () => {
    await run(join(root, "node_modules/.bin/tsc"), ["-p", folder, "--noEmit"]);
  }, 120_000);

  it.each(examples)(
    "%s tells its story",
    async (file, output) => {
      const { stdout } = await run(process.execPath, ["--no-warnings", join(folder, file)], {
        timeout: 60_000,
      });
      expect(stdout).toMatch(output);
    },
    90_000,
  );
});
