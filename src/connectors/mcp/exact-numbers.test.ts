/**
 * Numbers over every transport and era of the protocol, digit by digit: what a server writes is what a snippet has, and
 * what a snippet sends is what the server reads.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callContext } from "../../../test/fixtures/mcp/call-context.ts";
import { startNumberServer, type NumberServer } from "../../../test/fixtures/mcp/number-server.ts";
import type { Source, ToolOutcome } from "../../spec/source.ts";
import type { Value } from "../../spec/value.ts";
import { createMcpSource } from "./create-mcp-source.ts";

const script = join(import.meta.dirname, "../../../test/fixtures/mcp/number-server.ts");
const exactly = {
  id: 725653563933458432n,
  min: -9223372036854775808n,
  big: Infinity,
  ratio: 0.12345678901234568,
  price: 19.9,
  n: 7,
  text: "725653563933458432",
};

describe.each([
  ["stdio", "legacy"],
  ["stdio", "modern"],
  ["json", "legacy"],
  ["json", "modern"],
  ["sse", "legacy"],
  ["sse", "modern"],
  ["old", "legacy"],
] as const)("over %s, %s", (form, era) => {
  let source: Source;
  let server: NumberServer | undefined;
  const call = (upstreamName: string, args: Value = {}): Promise<ToolOutcome> =>
    source.call({ upstreamName, args }, callContext());

  beforeAll(async () => {
    if (form !== "stdio") server = await startNumberServer(era, form);
    source = createMcpSource(
      "numbers",
      server === undefined
        ? { transport: "stdio", command: process.execPath, args: [script, era] }
        : form === "old"
          ? { transport: "http", type: "sse", url: server.url }
          : { transport: "http", url: server.url },
    );
  });
  afterAll(async () => {
    await source[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test.each([
    ["get", exactly, ["/big", "/ratio"]],
    ["read", exactly, ["/big", "/ratio"]],
    ["two", [[exactly], "words"], ["/0/0/big", "/0/0/ratio"]],
  ])("what %s answers", async (name, value, inexact) => {
    const outcome = await call(name);
    expect(outcome.value).toEqual(value);
    expect([...(outcome.inexact ?? [])].sort()).toEqual(inexact);
  });

  test("what a failure says", async () => {
    await expect(call("broken")).rejects.toMatchObject({
      code: "tool_failed",
      message: expect.stringContaining('"ratio":0.12345678901234567890123'),
      data: { id: 725653563933458432n },
    });
  });

  test.each([
    [725653563933458433n, '{"id":725653563933458433}'],
    [-9223372036854775809n, '{"id":-9223372036854775809}'],
    [7n, '{"id":7}'],
    [7, '{"id":7}'],
  ])("the argument %s", async (id, text) => {
    await call("remove", { id });
    expect((await call("sent")).value).toBe(`sent ${text}`);
  });

  test("an argument that JSON cannot say is not sent", async () => {
    await expect(call("remove", { id: Infinity })).rejects.toMatchObject({ code: "tool_arguments_invalid" });
    expect((await call("sent")).value).toBe("sent ");
  });
});
