/** Resources and prompts of a real server inside a snippet, over standard input and output. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createCodemode,
  createFunctionsSource,
  createMcpSource,
  createQuickJsEngine,
  createWorkerdEngine,
} from "../../src/index.ts";
import type { Codemode } from "../../src/index.ts";
import type { PolicyStatement } from "../../src/policy/to-policy.ts";
import type { RunDocument } from "../../src/spec/run.ts";
import { root } from "../fixtures/built-cli.ts";

const server = join(root, "node_modules/@modelcontextprotocol/server-everything/dist/index.js");

function start(engine = createWorkerdEngine(), policy: PolicyStatement = "allow-all"): Codemode {
  const everything = createMcpSource("everything", {
    transport: "stdio",
    command: process.execPath,
    args: [server, "stdio"],
  });
  const plain = createFunctionsSource("plain", {});
  return createCodemode({ sources: [everything, plain], engine, policy });
}

let codemode: Codemode;
beforeAll(() => {
  codemode = start();
});
afterAll(() => codemode.close());

const run = async (code: string, on = codemode): Promise<RunDocument> =>
  (await on.execute({ code })).document;

const readAll = `
const listed = await codemode.resources.list("everything");
const [part] = await codemode.resources.read("everything", listed[0]?.uri ?? "");
const prompts = await codemode.prompts.list("everything");
const plain = prompts.find((each) => each.arguments === undefined || each.arguments.length === 0);
const { messages } = await codemode.prompts.get("everything", plain?.name ?? "");
return { many: listed.length > 0, text: typeof part?.text, uri: part?.uri === listed[0]?.uri, role: messages[0]?.role };`;

test.each([
  ["workerd", createWorkerdEngine],
  ["quickjs", createQuickJsEngine],
])("resources and prompts are values on %s", async (_name, engine) => {
  await using on = start(engine());
  expect(await run(readAll, on)).toMatchObject({
    status: "completed",
    result: { many: true, text: "string", uri: true, role: "user" },
  });
});

test("bytes are bytes, and never base64 for the model", async () => {
  const { document, text } = await codemode.execute({
    code: `const [part] = await codemode.resources.read("everything", "demo://resource/dynamic/blob/1");
      return { bytes: part?.data instanceof Uint8Array && part.data.length === part.size, part };`,
  });
  expect(document).toMatchObject({ status: "completed", result: { bytes: true } });
  expect(text).toMatch(/<bytes \d+>/);
});

test.each([
  [`codemode.resources.read("everything", "demo://nothing/here")`, "tool_failed"],
  [`codemode.resources.list("nowhere")`, "source_unavailable"],
  [`codemode.resources.list("plain")`, "unsupported"],
  [`codemode.prompts.get("everything", "no such prompt")`, "tool_failed"],
  [`codemode.resources.read("everything", 3 as any)`, "usage"],
])("%s throws %s", async (call, expected) => {
  expect((await run(`return await ${call}.then(() => "nothing", (e) => e.code)`)).result).toBe(expected);
});

test("the policy may refuse them", async () => {
  await using on = start(createWorkerdEngine(), {
    preset: "allow-all",
    rules: [{ path: "everything.resources.*", decision: "deny" }],
  });
  const code = `return await codemode.resources.list("everything").catch((e) => e.code)`;
  expect((await run(code, on)).result).toBe("call_denied");
});
