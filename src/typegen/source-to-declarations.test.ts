import { describe, expect, it } from "vitest";
import { sourceOf } from "../../test/fixtures/typegen/source-of.ts";
import type { JsonSchema } from "../spec/value.ts";
import { sourceToDeclarations } from "./source-to-declarations.ts";

function textOf(...given: Parameters<typeof sourceOf>): readonly string[] {
  return sourceToDeclarations(sourceOf(...given))
    .text.trimEnd()
    .split("\n");
}

describe("the declarations of a source", () => {
  it("nest tools as their paths do and say what is said of them", () => {
    const input = { type: "object", properties: { page: { type: "integer", description: "Which one." } } };
    const tools = [
      { name: "repos.list", title: "Ignored", description: "Lists\n  repositories.", input },
      { name: "repos.drop", title: "Drop a repository", deprecated: true },
      { name: "guess", description: "Guesses.", observed: { type: "string" } },
      { name: "old", description: "Old.", observed: { type: "string" }, deprecated: true },
    ];
    expect(textOf(tools, {}, "hub")).toEqual([
      "interface Tools { hub: hub.Tools }",
      "declare namespace hub {",
      "  type int = number;",
      "  interface Tools {",
      "    /** Guesses. (answer: observed) */",
      "    guess(args?: Record<string, any>): Promise<string>",
      "    /** Old. (answer: observed) @deprecated */",
      "    old(args?: Record<string, any>): Promise<string>",
      "    repos: {",
      "      /** Lists repositories. */",
      "      list(args?: {",
      "        /** Which one. */",
      "        page?: int",
      "      }): Promise<any>",
      "      /** Drop a repository @deprecated */",
      "      drop(args?: Record<string, any>): Promise<any>",
      "    }",
      "  }",
      "}",
    ]);
  });

  it("say once what several tools share: properties that go together, and types that are alike", () => {
    const text = (description: string): JsonSchema => ({ type: "string", description });
    const common = {
      tenant: text("The tenant, by its id or its name."),
      region: text("The region, as the provider calls it."),
    };
    const kind = { enum: ["virtual-machine", "container", "function"] };
    const tools = ["start", "stop", "list", "watch"].map((name) => ({
      name,
      input: { type: "object", properties: { ...common, kind, [name]: { type: "boolean" } } },
    }));
    expect(textOf(tools)).toEqual([
      "interface Tools { shop: shop.Tools }",
      "declare namespace shop {",
      "  interface Tools {",
      "    start(args?: WithTenant & { start?: boolean }): Promise<any>",
      "    stop(args?: WithTenant & { stop?: boolean }): Promise<any>",
      "    list(args?: WithTenant & { list?: boolean }): Promise<any>",
      "    watch(args?: WithTenant & { watch?: boolean }): Promise<any>",
      "  }",
      "  interface WithTenant {",
      "    /** The tenant, by its id or its name. */",
      "    tenant?: string",
      "    /** The region, as the provider calls it. */",
      "    region?: string",
      '    kind?: "virtual-machine" | "container" | "function"',
      "  }",
      "}",
    ]);
  });

  it("keep apart what differs in a word", () => {
    const input = (description: string): JsonSchema => ({
      type: "object",
      properties: { a: { type: "string", description } },
    });
    const text = textOf([
      { name: "one", input: input("The first of them.") },
      { name: "two", input: input("The second of them.") },
    ]).join("\n");
    expect(text).toContain("The first of them.");
    expect(text).toContain("The second of them.");
  });

  it("have a version that changes with the text", () => {
    const [one, same, other] = ["a", "a", "b"].map((name) => sourceToDeclarations(sourceOf([{ name }])));
    expect(one?.version).toMatch(/^[0-9a-f]{16}$/);
    expect(same?.version).toBe(one?.version);
    expect(other?.version).not.toBe(one?.version);
  });

  it("leave out a tool whose path nobody could write", () => {
    const deep = (name: string, length: number): { name: string; segments: string[] } => ({
      name,
      segments: Array.from({ length }, () => name),
    });
    const text = textOf([deep("yes", 64), deep("no", 65), deep("never", 20_000)]).join("\n");
    expect(text.match(/\byes\b/g)).toHaveLength(64);
    expect(text).not.toMatch(/\b(?:no|never)\b/);
  });

  it("are those of no tools, too", () => {
    expect(textOf([])).toEqual([
      "interface Tools { shop: shop.Tools }",
      "declare namespace shop {",
      "  interface Tools {}",
      "}",
    ]);
  });
});
