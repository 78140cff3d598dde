import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { describe, expect, onTestFinished, test } from "vitest";
import { createMemoryCodemode } from "../../../test/fixtures/memory-codemode.ts";
import type { MemoryCodemode } from "../../../test/fixtures/memory-codemode.ts";
import { createMcpServer } from "./create-mcp-server.ts";
import { createModelSurface } from "./create-model-surface.ts";
import type { ModelSurface, SurfaceOptions } from "./create-model-surface.ts";

function surfaceOf(codemode: MemoryCodemode, options: SurfaceOptions): ModelSurface {
  const surface = createModelSurface(codemode, options);
  onTestFinished(() => surface[Symbol.dispose]());
  return surface;
}

async function descriptionOf(surface: ModelSurface): Promise<string> {
  return (await surface.tools()).find((tool) => tool.name === "execute")?.description ?? "";
}

describe("auto", () => {
  test.each([
    ["at the bound", 3, true],
    ["past the bound", 2, false],
  ])("inlines a fleet %s", async (_where, autoTokens, inlined) => {
    const codemode = createMemoryCodemode(["a.one", "a.two", "a.three"]);
    const surface = surfaceOf(codemode, { mode: "auto", autoTokens });
    expect((await descriptionOf(surface)).includes("a.two")).toBe(inlined);
    expect((await surface.tools()).map((tool) => tool.name)).toEqual(["search", "execute"]);
  });

  test("answers the very same definitions while the tools are the same", async () => {
    const codemode = createMemoryCodemode(["a.one"]);
    const surface = surfaceOf(codemode, { mode: "auto" });
    const before = await surface.tools();
    codemode.offer(["a.one"]);
    expect(await surface.tools()).toBe(before);
    codemode.offer(["a.one", "a.two"]);
    expect(await descriptionOf(surface)).toContain("a.two");
  });

  test("shows the constant tools while nothing is known of a source", async () => {
    const codemode = createMemoryCodemode(["a.one"]);
    const status = { state: "starting" } as const;
    const starting = { name: "b", kind: "mcp", status, tools: 0, kept: false, issues: [] };
    const surface = createModelSurface({ ...codemode, sources: () => [starting] }, { mode: "auto" });
    expect(await descriptionOf(surface)).not.toContain("a.one");
  });
});

test.each([
  ["search", false],
  ["inline", true],
] as const)("%s is what the operator says", async (mode, inlined) => {
  const surface = surfaceOf(createMemoryCodemode(["a.one", "a.two"]), { mode, autoTokens: 1 });
  expect((await descriptionOf(surface)).includes("a.one")).toBe(inlined);
});

test("a client is told when the definitions change, once, and not otherwise", async () => {
  const codemode = createMemoryCodemode(["a.one"]);
  const surface = surfaceOf(codemode, { mode: "auto" });
  const server = createMcpServer(codemode, { surface });
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: "test", version: "1" });
  let told = 0;
  client.setNotificationHandler("notifications/tools/list_changed", () => void (told += 1));
  surface.onChange(() => void server.sendToolListChanged());
  await server.connect(far);
  await client.connect(near);
  onTestFinished(() => client.close());
  await client.listTools();
  codemode.offer(["a.one"]);
  codemode.offer(["a.one", "a.two"]);
  codemode.offer(["a.one", "a.two", "a.three"]);
  await expect.poll(() => told).toBe(1);
  const { tools } = await client.listTools();
  expect(tools[1]?.description).toContain("a.three");
  codemode.offer(["a.one", "a.two", "a.three"]);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(told).toBe(1);
});
