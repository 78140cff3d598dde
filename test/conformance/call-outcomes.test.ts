/**
 * What became of a failed call, over every connector: the same failure has the same outcome whoever reports it. Real
 * servers and processes on loopback; what a connector cannot meet is not in its row.
 */
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { describe, expect, test } from "vitest";
import { CallError, type CallOutcome } from "../../src/call-error.ts";
import { createFunctionsSource } from "../../src/connectors/functions/create-functions-source.ts";
import { createMcpClientSource } from "../../src/connectors/mcp/create-mcp-client-source.ts";
import { createMcpSource } from "../../src/connectors/mcp/create-mcp-source.ts";
import { createOpenApiSource } from "../../src/connectors/openapi/create-openapi-source.ts";
import { createUtcpSource } from "../../src/connectors/utcp/create-utcp-source.ts";
import type { CallContext, Source } from "../../src/spec/source.ts";
import {
  closedOrigin,
  failingDocument,
  failingManual,
  failures,
  startFailingUpstream,
} from "../fixtures/failing-upstream.ts";
import { callContext } from "../fixtures/mcp/call-context.ts";

const server = join(import.meta.dirname, "../fixtures/mcp/failing-stdio.ts");

/** What every connector says of each way to fail; those of the caller's own below. */
const expected: { readonly [failure: string]: CallOutcome } = {
  "nobody listens": "not_sent",
  "source closed": "not_sent",
  "cancelled before": "not_sent",
  "never starts": "not_sent",
  "unfit arguments": "not_sent",
  "401": "refused",
  "403": "refused",
  "404": "refused",
  "422": "refused",
  "429": "refused",
  "wrong-arguments": "refused",
  "408": "failed",
  "409": "failed",
  "500": "failed",
  "503": "failed",
  "own-error": "failed",
  internal: "failed",
  large: "failed",
  garbage: "failed",
  "unfit answer": "failed",
  drop: "unknown",
  "break-off": "unknown",
  hang: "unknown",
  "cancelled meanwhile": "unknown",
};

interface Subject {
  /** A source at this origin. */
  readonly open: (origin: string) => Promise<Source> | Source;
  readonly call: (source: Source, failure: string, context: CallContext) => Promise<unknown>;
  /** Ways to fail that it can meet. */
  readonly meets: readonly string[];
}

const always = ["source closed", "cancelled before", "cancelled meanwhile", "hang"];
const overHttp = failures.filter((each) => each !== "fine");

const callNamed: Subject["call"] = (source, failure, context) =>
  source.call({ upstreamName: failure, args: failure === "unfit arguments" ? [1] : {} }, context);
const callPath: Subject["call"] = (source, failure, context) =>
  source.call(
    { upstreamName: "act", args: { how: failure === "unfit arguments" ? null : failure } },
    context,
  );

const commands = {
  drop: "exit 3",
  hang: "sleep 30",
  large: "head -c 200000 /dev/zero | tr '\\0' x",
  "own-error": "echo half >&2; exit 1",
};

const functions: {
  readonly [name: string]: { readonly run: (args: never) => unknown; readonly [field: string]: unknown };
} = {
  "own-error": { input: { type: "object" }, run: () => Promise.reject(new Error("half done")) },
  "wrong-arguments": {
    input: { type: "object" },
    run: () => Promise.reject(new CallError("tool_failed", "not these", { outcome: "refused" })),
  },
  hang: { input: { type: "object" }, run: () => new Promise(() => undefined) },
  "unfit answer": { input: { type: "object" }, run: () => () => 1 },
};

const subjects: { readonly [name: string]: Subject } = {
  "MCP over stdio": {
    open: (origin) =>
      createMcpSource("s", {
        transport: "stdio",
        command: origin === "nobody listens" ? "/nonexistent/server" : process.execPath,
        args: [server, ...(origin === "never starts" ? ["slow"] : [])],
      }),
    call: callNamed,
    meets: [
      ...always,
      "nobody listens",
      "never starts",
      "unfit arguments",
      "wrong-arguments",
      "own-error",
      "internal",
      "large",
      "drop",
    ],
  },
  "MCP over HTTP, initialize era": {
    open: (origin) => createMcpSource("s", { transport: "http", url: `${origin}/mcp` }),
    call: callNamed,
    meets: [...always, ...overHttp, "nobody listens", "unfit arguments"],
  },
  "MCP over HTTP, 2026-07-28": {
    open: (origin) => createMcpSource("s", { transport: "http", url: `${origin}/modern` }),
    call: callNamed,
    meets: [...always, ...overHttp, "nobody listens", "unfit arguments"],
  },
  "a connected MCP client": {
    open: async (origin) => {
      const client = new Client({ name: "own", version: "1" });
      await client.connect(new StreamableHTTPClientTransport(new URL(`${origin}/mcp`)));
      return createMcpClientSource("s", client, { owned: true });
    },
    call: callNamed,
    meets: [...always, ...overHttp.filter((each) => each !== "large"), "unfit arguments"],
  },
  OpenAPI: {
    open: (origin) =>
      createOpenApiSource("s", { spec: failingDocument(), baseUrl: origin, limits: { retryMs: 1 } }),
    call: callPath,
    meets: [...always, ...overHttp, "nobody listens", "unfit arguments"],
  },
  "OpenAPI sent by the host": {
    open: () =>
      createOpenApiSource("s", {
        spec: failingDocument(),
        send: ({ path }, { signal }) =>
          path.endsWith("/hang")
            ? new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("gone"))))
            : Promise.reject(new Error("half done")),
      }),
    call: callPath,
    meets: [...always, "own-error", "unfit arguments"],
  },
  "UTCP over HTTP": {
    open: (origin) => createUtcpSource("s", { manual: failingManual(origin), origins: [origin] }),
    call: callPath,
    meets: [...always, ...overHttp, "nobody listens", "unfit arguments"],
  },
  "UTCP commands": {
    open: (origin) =>
      createUtcpSource("s", {
        manual: {
          utcp_version: "1.0.0",
          manual_version: "1.0.0",
          tools: Object.entries(commands).map(([name, command]) => ({
            name,
            inputs: { type: "object" },
            tool_call_template: { call_template_type: "cli", commands: [{ command }] },
          })),
        },
        commands: true,
        ...(origin === "nobody listens" ? { folder: "/nonexistent/folder" } : {}),
      }),
    call: (source, failure, context) =>
      source.call({ upstreamName: failure in commands ? failure : "hang", args: {} }, context),
    meets: [...always, "nobody listens", "own-error", "large"],
  },
  functions: {
    open: () => createFunctionsSource("s", functions as never),
    call: callNamed,
    meets: [...always, "own-error", "wrong-arguments", "unfit answer"],
  },
  "functions, undone": {
    open: () =>
      createFunctionsSource(
        "s",
        Object.fromEntries(
          Object.entries(functions).map(([name, { run }]) => [
            name,
            { input: { type: "object" }, effect: "write", run: () => 1, revert: run },
          ]),
        ) as never,
      ),
    call: (source, failure, context) =>
      source.revert?.({ upstreamName: failure, args: {} }, 1, context) ?? Promise.resolve(),
    meets: [...always, "own-error", "wrong-arguments"],
  },
};

const cases = Object.entries(subjects).flatMap(([name, { meets }]) =>
  meets.map((failure) => [name, failure] as const),
);

test("every way to fail is met by two connectors at least", () => {
  const met = cases.map(([, failure]) => failure);
  const alone = Object.keys(expected).filter((each) => met.filter((one) => one === each).length < 2);
  // Nothing but a process starts slowly here, and only MCP and functions have these.
  expect(alone).toEqual(["never starts", "internal", "unfit answer"]);
});

describe.each(Object.entries(subjects))("%s", (name, { open, call, meets }) => {
  test.concurrent.each(meets)("%s", async (failure) => {
    await using upstream = await startFailingUpstream();
    const origin =
      failure === "nobody listens"
        ? name.includes("HTTP") || name === "OpenAPI"
          ? await closedOrigin()
          : failure
        : failure === "never starts"
          ? failure
          : upstream.origin;
    await using source = await open(origin);
    const cancel = new AbortController();
    // A connection that stands, so that the time and the cancelling meet the call and not the start.
    if (name.startsWith("MCP") && waits.has(failure)) await call(source, "fine", callContext());
    if (failure === "source closed") await source[Symbol.asyncDispose]();
    if (failure === "cancelled before") cancel.abort();
    const isSlow = failure === "hang" || failure === "never starts";
    const how = failure.startsWith("cancelled") || failure === "source closed" ? "hang" : failure;
    const calling = call(
      source,
      how,
      callContext({ signal: cancel.signal, timeoutMs: isSlow ? 1_500 : 20_000, maxResultBytes: 100_000 }),
    );
    calling.catch(() => undefined);
    if (failure === "cancelled meanwhile") {
      await expect.poll(() => arrived(name, upstream.calls), { timeout: 15_000 }).toBe(true);
      cancel.abort();
    }
    const thrown: unknown = await calling.then(
      (value) => value,
      (error: unknown) => error,
    );
    expect(thrown).toBeInstanceOf(CallError);
    expect([failure, thrown instanceof CallError && thrown.outcome]).toEqual([failure, expected[failure]]);
  });
});

const waits = new Set(["hang", "cancelled meanwhile"]);

/** Whether the call has left: what is no HTTP server cannot be asked, and is given the time. */
const began = new WeakMap<readonly string[], number>();
function arrived(name: string, calls: readonly string[]): boolean {
  if (/HTTP|^OpenAPI$|client/.test(name)) return calls.includes("hang");
  if (!began.has(calls)) began.set(calls, Date.now());
  return Date.now() - (began.get(calls) ?? 0) > 300;
}
