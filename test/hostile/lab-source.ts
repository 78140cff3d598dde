/**
 * The upstream of the hostile suite: tools of every effect that note what reaches them, one that fails with a
 * secret in its cause, and one that answers what no tool should.
 */
import { createFunctionsSource, type Source } from "../../src/index.ts";
import { canary } from "./canary.ts";

const input = { type: "object" } as const;

/** `sent` gathers the arguments of every call that arrives. */
export function createLabSource(sent: unknown[]): Source {
  return createFunctionsSource("lab", {
    echo: {
      description: "Answers with its arguments.",
      effect: "read",
      input,
      run: (args: unknown) => (sent.push(args), args),
    },
    slow: {
      description: "Answers late.",
      effect: "read",
      input,
      run: (args: unknown) => (
        sent.push(args),
        new Promise((resolve) => setTimeout(() => resolve(args), 30))
      ),
    },
    fail: {
      description: "Fails.",
      effect: "read",
      input,
      run: () => Promise.reject(new Error("no", { cause: new Error(canary) })),
    },
    strict: {
      description: "Takes exactly a number.",
      effect: "read",
      input: {
        type: "object",
        properties: {
          n: { type: "number" },
          kind: { enum: ["a", "b"] },
          word: { type: "string", pattern: "^(a+)+$" },
        },
        required: ["n"],
        additionalProperties: false,
      },
      run: (args: unknown) => (sent.push(args), "fits"),
    },
    write: {
      description: "Writes.",
      effect: "write",
      input,
      run: (args: unknown) => (sent.push(args), "written"),
    },
    denied: {
      description: "Is denied.",
      effect: "destructive",
      input,
      run: (args: unknown) => (sent.push(args), "done"),
    },
    hidden: {
      description: "Is left out by the operator.",
      effect: "read",
      input,
      run: (args: unknown) => (sent.push(args), "seen"),
    },
    tree: {
      description: "Takes a tree, described by a schema that refers to itself in two ways.",
      effect: "read",
      input: {
        type: "object",
        properties: { node: { $ref: "#/$defs/Node" }, loop: { $ref: "#/$defs/A" } },
        additionalProperties: false,
        $defs: {
          Node: {
            type: "object",
            properties: { next: { $ref: "#/$defs/Node" } },
            additionalProperties: false,
          },
          A: { $ref: "#/$defs/B" },
          B: { $ref: "#/$defs/A" },
        },
      },
      run: (args: unknown) => (sent.push(args), "planted"),
    },
    odd: {
      description: "Answers with something odd.",
      effect: "read",
      input,
      run: ({ kind }: { kind?: string }) => oddAnswer(kind ?? ""),
    },
  });
}

function oddAnswer(kind: string): unknown {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  let deep: unknown = 1;
  if (kind === "deep") for (let at = 0; at < 200_000; at += 1) deep = [deep];
  const odd: { readonly [kind: string]: () => unknown } = {
    cycle: () => cycle,
    deep: () => deep,
    huge: () => "x".repeat(64 * 2 ** 20),
    many: () => Array.from({ length: 2_000_000 }, () => 0),
    function: () => () => 1,
    symbol: () => Symbol("odd"),
    getter: () =>
      Object.defineProperty({}, "x", {
        enumerable: true,
        get: () => {
          throw new Error("got");
        },
      }),
    proxy: () =>
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error("trapped");
          },
        },
      ),
    toJson: () => ({
      toJSON: () => {
        throw new Error("json");
      },
    }),
    proto: () => JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
    promise: () => ({ inner: Promise.resolve(1) }),
    thenable: (): unknown => JSON.parse('{"then":"not a function","value":1}'),
    native: () => ({
      date: new Date(0),
      big: 10n ** 30n,
      bytes: new Uint8Array([1, 2]),
      map: new Map([["k", 1]]),
      set: new Set([1]),
      nan: Number.NaN,
      none: undefined,
    }),
  };
  return odd[kind]?.();
}
