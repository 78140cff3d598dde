/**
 * A host that is meant to be killed: runs a snippet of reads and writes over a store on disk, against an
 * upstream that notes every effect in a file. `node crash-host.ts <folder> execute|recover`.
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import {
  createCodemode,
  createFunctionsSource,
  createSqliteJournal,
  createWorkerdEngine,
} from "../../src/index.ts";

const [folder = "", mode = "execute"] = process.argv.slice(2);
const input = { type: "object" } as const;

const upstream = createFunctionsSource("upstream", {
  read: {
    description: "Reads a number.",
    effect: "read",
    input,
    run: ({ n }: { n?: number }) => new Promise((resolve) => setTimeout(() => resolve(n), 2)),
  },
  write: {
    description: "Writes a number; the effect comes before the answer.",
    effect: "write",
    input,
    run: async ({ n }: { n?: number }) => {
      appendFileSync(join(folder, "effects"), `${n}\n`);
      await new Promise((resolve) => setTimeout(resolve, 3));
      return n;
    },
  },
});

/** Each write depends on what was read before it. */
const snippet = `
  let sum = 0;
  for (let n = 1; n <= 6; n += 1) {
    const [a, b] = await Promise.all([tools.upstream.read({ n }), tools.upstream.read({ n: n * 10 })]);
    sum += await tools.upstream.write({ n: a + b });
  }
  return sum;`;

const codemode = createCodemode({
  sources: [upstream],
  engine: createWorkerdEngine(),
  check: "off",
  policy: "allow-all",
  journal: createSqliteJournal({ path: join(folder, "state.db") }),
});
if (mode === "recover") await codemode.recover();
else
  await codemode.execute({
    code: snippet,
    onEvent: (event) => void (event.seq === 2 && console.log("running")),
  });
const [run] = await codemode.runs();
console.log(JSON.stringify(run === undefined ? null : await codemode.show({ runId: run.runId })));
await codemode.close();
