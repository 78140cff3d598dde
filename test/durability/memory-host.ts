/**
 * A host in a process of its own with a small heap: runs several programs at once that hold as much as the limits allow,
 * and writes what became of them as one line of JSON. `node memory-host.ts <engine> <state file> <runs> <program> [<bytes>]`.
 */
import { getHeapStatistics } from "node:v8";
import {
  createCodemode,
  createFunctionsSource,
  createQuickJsEngine,
  createSqliteJournal,
  createWorkerdEngine,
} from "../../src/index.ts";

const [engine = "workerd", file = ":memory:", runs = "3", program = "", hostBytes] = process.argv.slice(2);
const text = { type: "object", properties: { text: { type: "string" }, bytes: { type: "number" } } } as const;

let peak = 0;
setInterval(() => (peak = Math.max(peak, getHeapStatistics().used_heap_size)), 20).unref();

const codemode = createCodemode({
  sources: [
    createFunctionsSource("data", {
      write: { effect: "write", input: text, run: () => "written" },
      send: { effect: "read", input: text, run: ({ text: sent = "" }) => String(sent).length },
      large: { effect: "read", input: text, run: ({ bytes }) => "x".repeat(Number(bytes)) },
    }),
  ],
  engine: engine === "quickjs" ? createQuickJsEngine({ most: 8 }) : createWorkerdEngine({ most: 8 }),
  journal: createSqliteJournal({ path: file }),
  policy: "ask-writes",
  ...(hostBytes === undefined ? {} : { hostBytes: Number(hostBytes) }),
});

const documents = await Promise.all(
  Array.from({ length: Number(runs) }, async () => (await codemode.execute({ code: program })).document),
);
const after = await codemode.execute({ code: "return 1 + 1" });
await codemode.close();
process.stdout.write(
  `${JSON.stringify({
    runs: documents.map(({ status, error, result, pending }) => ({
      status,
      code: error?.code,
      result,
      pending: pending?.length ?? 0,
    })),
    after: after.document.result,
    peakMb: Math.round(peak / 2 ** 20),
  })}\n`,
);
