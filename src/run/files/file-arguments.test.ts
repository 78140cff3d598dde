import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import type { CodemodeOptions } from "../../codemode-options.ts";
import { createCodemode } from "../../codemode.ts";
import { createFunctionsSource } from "../../connectors/functions/create-functions-source.ts";
import { createOpenApiSource } from "../../connectors/openapi/create-openapi-source.ts";
import { createQuickJsEngine } from "../../sandbox/quickjs/create-quickjs-engine.ts";
import { createWorkerdEngine } from "../../sandbox/workerd/create-workerd-engine.ts";
import type { Codemode } from "../../spec/codemode.ts";
import type { Value } from "../../spec/value.ts";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const content = Uint8Array.from([0, 255, 10, 13]);

async function start(
  options: Partial<CodemodeOptions> = {},
): Promise<{ readonly codemode: Codemode; readonly got: Value[] }> {
  const got: Value[] = [];
  const take = (args: unknown): null => {
    got.push(args as Value);
    return null;
  };
  const source = createFunctionsSource("s", {
    any: { effect: "write", input: { type: "object" }, run: take },
    text: {
      effect: "write",
      input: { type: "object", properties: { text: { type: "string", maxLength: 8 } }, required: ["text"] },
      run: take,
    },
  });
  const codemode = createCodemode({
    sources: [source],
    engine: createWorkerdEngine(),
    policy: "allow-all",
    ...options,
  });
  open.push(() => codemode.close());
  await codemode.files.write({ path: "a.bin", content });
  await codemode.files.write({ path: "a.txt", content: "é" });
  return { codemode, got };
}

describe("files passed to tools by reference", () => {
  it.each([
    ["workerd", createWorkerdEngine],
    ["quickjs", createQuickJsEngine],
  ] as const)(
    "arrive as bytes, base64 or text from %s, and are recorded by their hash",
    async (_, create) => {
      const { codemode, got } = await start({ engine: create() });
      const code = `
      await tools.s.any({ a: await codemode.fs.ref("a.bin"), list: [await codemode.fs.ref("a.bin", { as: "base64" })] });
      await tools.s.text({ text: await codemode.fs.ref("a.txt", { as: "text" }) });`;
      const { document } = await codemode.execute({ code });
      expect(document.error).toBeUndefined();
      expect(got).toEqual([{ a: content, list: [Buffer.from(content).toString("base64")] }, { text: "é" }]);
      const { hash } = await codemode.files.stat({ path: "a.txt" });
      expect(document.writes[1]?.args).toEqual({
        text: { $file: "a.txt", hash, bytes: 2, mime: "text/plain", as: "text" },
      });
      await codemode.files.write({ path: "a.txt", content: "other" });
      expect((await codemode.replay({ runId: document.runId })).document.status).toBe("completed");
      expect(got).toHaveLength(2);
    },
  );

  it("are validated as what they hold", async () => {
    const { codemode, got } = await start();
    await codemode.files.write({ path: "long.txt", content: "123456789" });
    const code = 'return tools.s.text({ text: await codemode.fs.ref("long.txt", { as: "text" }) })';
    expect((await codemode.execute({ code })).document.error?.code).toBe("tool_arguments_invalid");
    expect(got).toEqual([]);
  });

  it("bind an approval to the content", async () => {
    const { codemode, got } = await start({ policy: "ask-writes" });
    const code = 'return tools.s.text({ text: await codemode.fs.ref("a.txt", { as: "text" }) })';
    const ask = async (): Promise<string> => {
      const { document } = await codemode.execute({ code });
      expect(document.status).toBe("paused");
      await codemode.answer({ runId: document.runId, approve: true });
      return document.runId;
    };
    const same = await ask();
    expect((await codemode.resume({ runId: same })).document.status).toBe("completed");
    const changed = await ask();
    await codemode.files.write({ path: "a.txt", content: "worse" });
    expect((await codemode.resume({ runId: changed })).document.error?.code).toBe("file_not_found");
    expect(got).toEqual([{ text: "é" }]);
  });

  it.each([
    ["without a hash", '{ $file: "a.bin", as: "bytes" }'],
    ["with a hash that is none", '{ $file: "a.bin", hash: "x", as: "bytes" }'],
    ["in a form that is none", '{ $file: "a.bin", hash: "0".repeat(64), as: "path" }'],
  ])("are only data %s", async (_, value) => {
    const { codemode, got } = await start();
    await codemode.execute({ code: `return tools.s.any({ a: ${value} })` });
    expect(JSON.stringify(got)).toContain("$file");
  });

  it.each([
    ["of another content", '"a.bin", hash: "0".repeat(64)', "file_not_found"],
    ["of no file", '"b.bin", hash: "0".repeat(64)', "file_not_found"],
    ["out of the workspace", '"../a.bin", hash: "0".repeat(64)', "file_path_invalid"],
  ])("are refused %s", async (_, reference, expected) => {
    const { codemode, got } = await start();
    const code = `return tools.s.any({ a: { $file: ${reference}, as: "bytes" } })`;
    expect((await codemode.execute({ code })).document.error?.code).toBe(expected);
    expect(got).toEqual([]);
  });

  it("are at most sixteen in a call, and none of another principal's", async () => {
    const { codemode, got } = await start();
    const many = (count: number): string =>
      `const file = await codemode.fs.ref("a.bin"); return tools.s.any({ list: Array(${count}).fill(file) })`;
    expect((await codemode.execute({ code: many(16) })).document.status).toBe("completed");
    expect((await codemode.execute({ code: many(17) })).document.error?.code).toBe("file_limit");
    const { hash } = await codemode.files.stat({ path: "a.bin" });
    const code = `return tools.s.any({ a: { $file: "a.bin", hash: "${hash}", as: "bytes" } })`;
    const { document } = await codemode.execute({ code, principal: "other" });
    expect(document.error?.code).toBe("file_not_found");
    expect(got).toHaveLength(1);
  });

  it("are bodies and parts of forms for an API", async () => {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      void buffer(request).then((body) => {
        bodies.push(body.toString("latin1"));
        response.setHeader("content-type", "application/json").end("{}");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    open.push(() => new Promise((resolve) => server.close(resolve)));
    const binary = { type: "string", format: "binary" };
    const operation = (operationId: string, type: string, schema: object): object => ({
      post: {
        operationId,
        requestBody: { required: true, content: { [type]: { schema } } },
        responses: { 200: { description: "ok" } },
      },
    });
    const spec = {
      openapi: "3.1.0",
      info: { title: "t", version: "1" },
      paths: {
        "/raw": operation("raw", "application/octet-stream", binary),
        "/form": operation("form", "multipart/form-data", { type: "object", properties: { file: binary } }),
      },
    };
    const { port } = server.address() as AddressInfo;
    const { codemode } = await start({
      sources: [createOpenApiSource("api", { spec, baseUrl: `http://127.0.0.1:${port}` })],
    });
    const code = `
      const file = await codemode.fs.ref("a.bin");
      await tools.api.raw({ body: file });
      await tools.api.form({ body: { file: { data: file, filename: "a.bin" } } });`;
    const { document } = await codemode.execute({ code });
    expect(document.error).toBeUndefined();
    const sent = Buffer.from(content).toString("latin1");
    expect(bodies[0]).toBe(sent);
    expect(bodies[1]).toContain(`filename="a.bin"`);
    expect(bodies[1]).toContain(`\r\n\r\n${sent}\r\n--`);
  });
});
