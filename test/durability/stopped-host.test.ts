/**
 * A host is stopped (SIGSTOP) after it has noted a payment down and before it has sent it, and woken (SIGCONT) after
 * another host has taken the run over and a person has truthfully said that nothing happened: it sends nothing any
 * more. `CODEMODE_STOPS` sets how often each is done; without it, each way once.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { RunDocument } from "../../src/spec/run.ts";
import { openBank, type Bank, type BankKind } from "./bank-source.ts";

vi.setConfig({ testTimeout: 120_000 });

const stops = process.env["CODEMODE_STOPS"];
const script = join(import.meta.dirname, "stopping-host.ts");
/** As the hosts have it, with the margin of whoever takes over. */
const beyondLeaseMs = 1_300;

interface Host {
  readonly child: ChildProcess;
  readonly ended: Promise<{
    readonly document: RunDocument | { readonly error: string };
    readonly log: string;
  }>;
}

function startHost(folder: string, bank: Bank, ...mode: readonly string[]): Host {
  const [what = "", ...said] = mode;
  const args = ["--no-warnings", script, folder, what, JSON.stringify(bank.source), ...said];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  let log = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve())).then(() => ({
    document: JSON.parse(output.trim().split("\n").at(-1) ?? "null") as RunDocument | { error: string },
    log,
  }));
  return { child, ended };
}

/** The payment's row says that it is about to be sent. */
async function untilNoted(folder: string): Promise<void> {
  const file = join(folder, "state.db");
  await vi.waitFor(
    () => {
      expect(existsSync(file)).toBe(true);
      const store = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
      const row = store.prepare("SELECT state FROM calls").get();
      store.close();
      expect(row).toMatchObject({ state: "started" });
    },
    { timeout: 60_000, interval: 20 },
  );
}

async function stopBetween(kind: BankKind): Promise<{ folder: string; bank: Bank; stopped: Host }> {
  const folder = await mkdtemp(join(tmpdir(), "codemode-stopped-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const bank = await openBank(kind, folder, "allow-all");
  // A source that is known is connected to only when it is called.
  if (kind !== "openapi") await startHost(folder, bank, "list").ended;
  bank.delay();
  const stopped = startHost(folder, bank, "execute");
  await untilNoted(folder);
  await sleep(Math.random() * 200);
  stopped.child.kill("SIGSTOP");
  return { folder, bank, stopped };
}

/**
 * A source that has to be started is waited for before anything is noted down, so that only what is waited for after
 * that (a token) leaves a gap that is wide enough to be hit from outside.
 */
const kind: BankKind = "openapi";
const ways = ["sent again", "nobody takes over", "left undone"] as const;

/** In full every way, so many times. */
const table =
  stops === undefined
    ? ways.slice(0, 2).map((way) => ({ way, time: 1 }))
    : ways.flatMap((way) => Array.from({ length: Number(stops) }, (_, at) => ({ way, time: at + 1 })));

describe("a host that was stopped before it paid", () => {
  it.each(table)("over an API: $way ($time)", async ({ way }) => {
    const { folder, bank, stopped } = await stopBetween(kind);
    bank.hurry();
    if (way === "nobody takes over") {
      await sleep(beyondLeaseMs);
      stopped.child.kill("SIGCONT");
      const { document } = await stopped.ended;
      expect(document).toMatchObject({ status: "completed", writes: [{ state: "done" }] });
      expect(bank.payments()).toBe(1);
      return;
    }
    const [said, paid] = way === "left undone" ? ["undone", 0] : ["again", 1];
    const next = await startHost(folder, bank, "recover", said).ended;
    expect(next.document).toMatchObject({ status: "completed" });
    expect(bank.payments()).toBe(paid);
    stopped.child.kill("SIGCONT");
    const { document, log } = await stopped.ended;
    expect(bank.payments(), "once woken it pays nothing").toBe(paid);
    // It answers with how the run has ended elsewhere, and says in its log why.
    expect(document).toMatchObject({ status: "completed" });
    expect(log).toContain("another host has taken the run over");
  });
});
