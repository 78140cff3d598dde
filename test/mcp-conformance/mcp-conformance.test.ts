/**
 * The official conformance suite, in two pinned versions, against the server side and the client side. OAuth is left
 * out, and so are extensions, which no revision requires.
 */
import { join } from "node:path";
import { expect, it } from "vitest";
import { exceptions } from "./exceptions.ts";
import { readSummary, runSuite } from "./run-suite.ts";
import { serveFixture } from "./serve-fixture.ts";

const minutes = 60_000;

it(
  "serves 2025-11-25 but for the exceptions",
  async () => {
    await using served = await serveFixture();
    const args = ["server", "--url", served.url, "--suite", "all", "--spec-version", "2025-11-25"];
    const { output } = await runSuite("mcp-conformance", args);
    const results = readSummary(output);
    expect(results.size).toBe(32);
    expect(failing(results)).toEqual(Object.keys(exceptions["server 2025-11-25"]).sort());
  },
  5 * minutes,
);

it(
  "serves 2026-07-28 but for the exceptions",
  async () => {
    await using served = await serveFixture();
    const args = ["server", "--url", served.url, "--requirements", "2026-07-28"];
    const { output } = await runSuite("mcp-conformance-next", args);
    const unscored = new Set(
      [...output.matchAll(/^\s+[✓✗] ([\w-]+) \((?:extension|pending)\)/gm)].map(([, name]) => name),
    );
    const results = new Map([...readSummary(output)].filter(([name]) => !unscored.has(name)));
    expect(results.size).toBe(37);
    expect(failing(results)).toEqual(Object.keys(exceptions["server 2026-07-28"]).sort());
  },
  5 * minutes,
);

const command = `${process.execPath} ${join(import.meta.dirname, "client.ts")}`;

it.each([
  ["initialize", "client 2025-11-25", "mcp-conformance"],
  ["tools_call", "client 2025-11-25", "mcp-conformance"],
  ["elicitation-sep1034-client-defaults", "client 2025-11-25", "mcp-conformance"],
  ["sse-retry", "client 2025-11-25", "mcp-conformance"],
  ["tools_call", "client 2026-07-28", "mcp-conformance-next"],
  ["request-metadata", "client 2026-07-28", "mcp-conformance-next"],
  ["sep-2322-client-request-state", "client 2026-07-28", "mcp-conformance-next"],
  ["http-standard-headers", "client 2026-07-28", "mcp-conformance-next"],
  ["http-custom-headers", "client 2026-07-28", "mcp-conformance-next"],
  ["http-invalid-tool-headers", "client 2026-07-28", "mcp-conformance-next"],
  ["json-schema-ref-no-deref", "client 2026-07-28", "mcp-conformance-next"],
] as const)(
  "asks as %s wants it (%s)",
  async (scenario, run, suite) => {
    const version = suite === "mcp-conformance" ? [] : ["--spec-version", "2026-07-28"];
    const args = ["client", "--command", command, "--scenario", scenario, "--timeout", "120000", ...version];
    const { code, output } = await runSuite(suite, args);
    expect(output).toMatch(/Passed: \d+\/\d+/);
    expect(code === 0).toBe(!Object.hasOwn(exceptions[run], scenario));
  },
  3 * minutes,
);

function failing(results: ReadonlyMap<string, boolean>): string[] {
  return [...results].flatMap(([scenario, passed]) => (passed ? [] : [scenario])).sort();
}
