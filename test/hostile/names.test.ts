/**
 * Tools whose names collide once they are identifiers, or are words that every object answers to: each is
 * called under a path of its own, and never another in its place.
 */
import { describe, expect, it, onTestFinished } from "vitest";
import {
  createCodemode,
  createFunctionsSource,
  createWorkerdEngine,
  type Source,
  type ToolDefinition,
} from "../../src/index.ts";

function createNamedSource(name: string, names: readonly (readonly string[])[]): Source {
  const definition = (segments: readonly string[]): ToolDefinition => ({
    upstreamName: segments.join("/"),
    name: segments,
    input: { type: "object" },
    effect: "read",
    raw: { name: segments.join("/") },
  });
  return {
    name,
    kind: "named",
    fingerprint: name,
    identity: async () => ({ kind: "test" }),
    list: async () => ({ tools: names.map(definition), issues: [] }),
    call: async ({ upstreamName }) => ({ value: upstreamName, labels: [] }),
    status: () => ({ state: "ready" }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

const sets: readonly (readonly [what: string, names: readonly (readonly string[])[]])[] = [
  ["characters that no identifier has", [["get-sum"], ["get_sum"], ["get sum"], ["get.sum"], ["get/sum"]]],
  ["reserved words", [["delete"], ["delete_"], ["new"], ["new_"], ["class"]]],
  [
    "words that objects answer to",
    [["constructor"], ["__proto__"], ["then"], ["toString"], ["toJSON"], ["hasOwnProperty"], ["prototype"]],
  ],
  ["leading digits", [["2fa"], ["_2fa"], ["2-fa"], ["2_fa"], ["_2_fa"]]],
  [
    "a tool that is also a group",
    [["repos"], ["repos", "create"], ["repos", "create", "all"], ["repos_create"]],
  ],
  ["nothing and next to nothing", [[""], ["_"], ["-"], ["."], ["\0"], ["\u200b"]]],
  ["very long names", ["a", "b", "c"].map((end) => [`${"x".repeat(10_000)}${end}`])],
  ["names that look alike", [["pay"], ["p\u0430y"], ["PAY"], ["pay\u200d"], ["pay "]]],
  ["suffixes that were guessed", [["a-b"], ["a b"], ["a_b"], ["a_b_000000"], ["a.b"]]],
];

describe("28. names that collide", () => {
  it.each(sets)("%s", async (_, names) => {
    const codemode = createCodemode({
      sources: [createNamedSource("odd", names), createNamedSource("same", names.toReversed())],
      engine: createWorkerdEngine({ prewarm: 1 }),
      check: "off",
    });
    onTestFinished(() => codemode.close());
    const { tools, sources } = await codemode.catalog({ fresh: true });
    for (const source of sources) {
      const told = source.issues.filter((issue) => issue.kind === "left_out").length;
      expect(source.tools.length + told).toBe(names.length);
      expect(new Set(source.tools.map((tool) => tool.path)).size).toBe(source.tools.length);
      for (const { segments } of source.tools)
        for (const segment of segments) expect(segment).toMatch(/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u);
    }
    const paths = [...tools.keys()];
    const { document } = await codemode.execute({
      code: `const got = {}; ${paths.map((path) => `got[${JSON.stringify(path)}] = await tools.${path}({});`).join("\n")} return got`,
    });
    expect(document.error).toBeUndefined();
    expect(document.result).toEqual(
      Object.fromEntries(paths.map((path) => [path, tools.get(path)?.upstreamName])),
    );
    // The order in which a source lists its tools changes no name.
    const byName = (source: string): unknown =>
      Object.fromEntries(
        [...tools.values()]
          .filter((tool) => tool.source === source)
          .map((tool) => [tool.upstreamName, tool.segments.join(".")]),
      );
    expect(byName("odd")).toEqual(byName("same"));
  });

  it.each([
    ["a-b", "a_b"],
    ["a b", "a.b"],
    ["2x", "_2x"],
    ["delete", "delete_"],
    ["pay", "pay"],
  ])("refuses the sources %j and %j together", (first, second) => {
    const open = () =>
      createCodemode({
        sources: [createFunctionsSource(first, {}), createFunctionsSource(second, {})],
        engine: createWorkerdEngine(),
        check: "off",
      });
    expect(open).toThrow(expect.objectContaining({ code: "config_invalid" }) as Error);
  });
});
