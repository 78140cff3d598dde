/**
 * Mutation test of the policy: puts one small fault at a time into src/policy and asks whether the policy's own
 * tests notice. Prints the share they notice and what they do not; exits 1 below 95%.
 *
 * `node scripts/mutate-policy.ts [--every n]` (every n-th mutant; default 1, all of them).
 */
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { createVitest } from "vitest/node";
import { makeMutants, type Mutant } from "./make-mutants.ts";

const needed = 0.95;
const root = join(import.meta.dirname, "..");
const room = join(root, "src/policy");
const { values } = parseArgs({ options: { every: { type: "string", default: "1" } } });
const every = Math.max(1, Number(values.every) || 1);

const files = globSync("*.ts", { cwd: room });
const mutants = files
  .filter((file) => !file.endsWith(".test.ts"))
  .sort()
  .flatMap((file) =>
    makeMutants(readFileSync(join(room, file), "utf8")).map((mutant) => ({ file, ...mutant })),
  )
  .filter((_, index) => index % every === 0);

const folder = mkdtempSync(join(root, "node_modules/.policy-mutants-"));
process.exitCode = 1;
try {
  putCopy("original");
  for (const [index, mutant] of mutants.entries()) putCopy(`m${index}`, mutant);
  report(await failedCopies());
} finally {
  rmSync(folder, { recursive: true });
}

/** A copy of the whole room, its imports of other rooms turned to the originals. */
function putCopy(name: string, mutant?: Mutant & { readonly file: string }): void {
  mkdirSync(join(folder, name));
  for (const file of files) {
    const text = mutant?.file === file ? mutant.text : readFileSync(join(room, file), "utf8");
    writeFileSync(join(folder, name, file), text.replaceAll('"../', `"${join(root, "src")}/`));
  }
}

/** One run over all copies: a process for each would take a second each. */
async function failedCopies(): Promise<ReadonlySet<string>> {
  const vitest = await createVitest("test", {
    root: folder,
    config: false,
    include: ["**/*.test.ts"],
    exclude: [],
    watch: false,
    isolate: false,
    pool: "threads",
    maxWorkers: 2,
    reporters: [{}],
    bail: 0,
  });
  try {
    const { testModules } = await vitest.start();
    const copies = testModules.map((each) => ({
      copy: basename(join(each.moduleId, "..")),
      ok: each.ok(),
    }));
    const seen = new Set(copies.map(({ copy }) => copy));
    if (seen.size !== mutants.length + 1) throw new Error(`Only ${seen.size} of the copies were tested.`);
    return new Set(copies.filter(({ ok }) => !ok).map(({ copy }) => copy));
  } finally {
    await vitest.close();
  }
}

function report(failed: ReadonlySet<string>): void {
  if (failed.has("original")) {
    console.error("The tests fail on the policy as it is: nothing can be said of mutants.");
    return;
  }
  const survivors = mutants.filter((_, index) => !failed.has(`m${index}`));
  const share = 1 - survivors.length / mutants.length;
  for (const { file, line, what } of survivors) console.log(`survived  src/policy/${file}:${line}  ${what}`);
  const killed = mutants.length - survivors.length;
  console.log(`${killed} of ${mutants.length} mutants of src/policy killed: ${(share * 100).toFixed(1)}%`);
  process.exitCode = share >= needed ? 0 : 1;
}
