/**
 * Numbers through the built program, digit by digit: the command line, HTTP, MCP over both transports, the client and
 * generated programs.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { createClient } from "../../src/client/create-client.ts";
import { runDocumentSchema } from "../../src/spec/run.ts";
import {
  documentOf,
  isolatedEnvironment,
  root,
  runCli,
  startCli,
  untilFinished,
  untilOutput,
} from "../fixtures/built-cli.ts";
import { emptyFolder } from "../fixtures/generate/demo-codemode.ts";

const id = "725653563933458433";
const script = join(root, "test/fixtures/mcp/number-server.ts");

async function configured(): Promise<{ readonly config: readonly string[]; readonly folder: string }> {
  const folder = await emptyFolder();
  const file = join(folder, "codemode.json");
  const command = { command: process.execPath, args: [script, "legacy"] };
  writeFileSync(
    file,
    JSON.stringify({ mcpServers: { numbers: command }, policy: "allow-all", passthrough: ["numbers.*"] }),
  );
  return { config: ["--config", file], folder };
}

test("codemode call takes and gives every digit, and refuses what it cannot", async () => {
  const { config } = await configured();
  const env = isolatedEnvironment();
  const call = (...words: string[]) => runCli(["call", ...words, ...config], { env });

  const got = documentOf(await call("numbers.get", "--json"), runDocumentSchema);
  expect(got).toMatchObject({
    result: { id: "725653563933458432", big: null },
    exact: ["/id", "/min"],
    inexact: ["/big", "/ratio"],
  });
  const shown = await call("numbers.get");
  expect(shown.stdout).toContain('"id": 725653563933458432,');
  expect(shown.stderr).toContain("Not exact");

  for (const words of [
    ["--id", id],
    ["--args", `{"id":${id}}`],
  ])
    expect(await call("numbers.remove", ...words)).toMatchObject({
      code: 0,
      stdout: `removed {"id":${id}}\n`,
    });

  const large = await call("numbers.remove", "--args", '{"id":[1,1e400]}');
  expect(large).toMatchObject({ code: 2, stdout: "" });
  expect(large.stderr).toContain("--args has a number that cannot be passed on exactly, at /id/1");
  const long = await call("numbers.remove", "--id", "0.12345678901234567890123");
  expect(long).toMatchObject({ code: 2, stdout: "" });
  expect(long.stderr).toContain("--id cannot be passed on exactly");
}, 120_000);

test("a server takes and gives every digit over HTTP, to clients and to MCP clients", async () => {
  const { config, folder } = await configured();
  const env = isolatedEnvironment();
  const server = startCli(["serve", "--port", "0", ...config], { env });
  const [, url = ""] = /(http:\/\/\S+\/mcp)/.exec(await untilOutput(server, /http:\/\/\S+\/mcp/)) ?? [];
  const post = async (path: string, body: string): Promise<Response> =>
    await fetch(new URL(path, url), {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
      body,
    });

  const removed = await post("/tools/numbers/remove", `{"id":${id}}`);
  expect(await removed.json()).toBe(`removed {"id":${id}}`);
  const got = await post("/tools/numbers/get", "{}");
  expect(got.headers.get("codemode-exact")).toBe('["/id","/min"]');
  expect(got.headers.get("codemode-inexact")).toBe('["/big","/ratio"]');
  expect(await got.json()).toMatchObject({ id: "725653563933458432" });
  const refused = await post("/tools/numbers/remove", '{"id":1e400}');
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({
    error: { code: "tool_arguments_invalid", message: expect.stringContaining("at /id") },
  });

  // A native tool, as an MCP client of the older era calls it.
  const native = async (args: string): Promise<string> =>
    await (
      await post(
        "/mcp",
        `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"remove","arguments":${args}}}`,
      )
    ).text();
  expect(await native(`{"id":${id}}`)).toContain(`removed {\\"id\\":${id}}`);
  expect(await native('{"id":1e400}')).toMatch(/"error":\{"code":-32602,.*at \/id/);
  const answered = await post(
    "/mcp",
    '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"get","arguments":{}}}',
  );
  const text = await answered.text();
  expect(text).toContain('"id":725653563933458432,');
  expect(text).toContain('"inexact":["/big","/ratio"]');

  const client = createClient({ url });
  expect(await client.call("numbers.remove", { id: BigInt(id) })).toBe(`removed {"id":${id}}`);
  expect(await client.call("numbers.get")).toMatchObject({ id: 725653563933458432n, n: 7, price: 19.9 });

  // A generated program, which depends on nothing of this package.
  const out = join(folder, "program");
  expect(await runCli(["generate", "cli", "--out", out, ...config], { env })).toMatchObject({ code: 0 });
  const generated = async (...words: string[]) => {
    const { spawn } = await import("node:child_process");
    const child = spawn(process.execPath, [join(out, "main.js"), "numbers", ...words], {
      env: { ...env, CODEMODE_URL: url },
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    child.stdin.end();
    return untilFinished(child);
  };
  expect(await generated("remove", "--id", id)).toMatchObject({
    code: 0,
    stdout: `"removed {\\"id\\":${id}}"\n`,
  });
  expect((await generated("get")).stdout).toContain('"id": 725653563933458432,');
}, 120_000);

test("a server takes and gives every digit over standard input and output", async () => {
  const { config } = await configured();
  const server = startCli(["serve", "--stdio", ...config], { env: isolatedEnvironment() });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const ask = async (message: string): Promise<string> => {
    server.stdin.write(`${message}\n`);
    for (;;) {
      const { value = "" } = await lines.next();
      if (value.includes('"id":')) return value;
    }
  };
  await ask(
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}',
  );
  server.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  const call = (name: string, args: string): Promise<string> =>
    ask(`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"${name}","arguments":${args}}}`);
  expect(await call("remove", `{"id":${id}}`)).toContain(`removed {\\"id\\":${id}}`);
  expect(await call("get", "{}")).toContain('"id":725653563933458432,');
  expect(await call("remove", '{"id":1e400}')).toMatch(/"code":-32602,.*at \/id/);
}, 120_000);
