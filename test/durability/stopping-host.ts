/**
 * A host that is meant to be stopped or killed: one payment over a store on disk, at a bank that is an MCP server over
 * stdio or HTTP, or an API. `node stopping-host.ts <folder> list|execute|recover|answer <source as JSON> [<what to say of a call in doubt>]`.
 * The last line it prints is the run's document, or the error.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  createCodemode,
  createMcpSource,
  createOpenApiSource,
  createQuickJsEngine,
  createSqliteJournal,
  type RunDocument,
} from "../../src/index.ts";
import { toCodemodeError } from "../../src/errors.ts";
import type { BankSource } from "./bank-source.ts";

const [folder = "", mode = "", source = "{}", said = "nothing"] = process.argv.slice(2);
const bank = JSON.parse(source) as BankSource;

/** Short, so that a test need not wait for half a minute. */
const leaseMs = 1_000;

const codemode = createCodemode({
  sources: [
    bank.kind === "openapi"
      ? createOpenApiSource("bank", {
          spec: bank.spec,
          baseUrl: bank.url,
          credentials: {
            for: async () => ({
              oauth2: { clientId: "a", clientSecret: "b", tokenUrl: `${bank.url}/token` },
            }),
          },
        })
      : createMcpSource(
          "bank",
          bank.kind === "http"
            ? { transport: "http", url: bank.url, type: "http" }
            : { transport: "stdio", command: process.execPath, args: ["--no-warnings", bank.script, folder] },
        ),
  ],
  engine: createQuickJsEngine({ prewarm: 0 }),
  check: "off",
  policy: bank.policy,
  journal: createSqliteJournal({ path: join(folder, "state.db"), pollMs: 50 }),
  keepFolder: join(folder, "kept"),
  dial: "lazy",
  leaseMs,
  warn: (message) => void process.stderr.write(`${message}\n`),
});

/** Whatever can go on goes on by recovery alone; a call in doubt is answered by what the person says. */
async function recover(): Promise<RunDocument> {
  for (;;) {
    await codemode.recover();
    const [run] = await codemode.runs();
    const document = await codemode.show({ runId: run?.runId ?? "" });
    if (!["queued", "running", "paused"].includes(document.status)) return document;
    const asked = (document.pending ?? []).filter(({ kind }) => kind === "in_doubt");
    if (asked.length > 0 && said === "nothing") return document;
    if (asked.length > 0)
      await codemode.answer({
        runId: document.runId,
        approve: said === "happened",
        ...(said === "again" ? { resend: true } : {}),
      });
    await sleep(50);
  }
}

async function work(): Promise<RunDocument | undefined> {
  switch (mode) {
    case "execute": {
      const code = "return await tools.bank.pay({ amount: 7 }).catch((error) => error.code)";
      return (await codemode.execute({ code })).document;
    }
    case "answer": {
      const [run] = await codemode.runs();
      const runId = run?.runId ?? "";
      await codemode.answer({ runId, approve: true });
      console.log("answered");
      return (await codemode.resume({ runId })).document;
    }
    case "recover":
      return recover();
    default:
      await codemode.catalog({ fresh: true });
      return undefined;
  }
}

const document = await work().catch((thrown: unknown) => ({ error: toCodemodeError(thrown).code }));
console.log(JSON.stringify(document ?? null));
await codemode.close();
