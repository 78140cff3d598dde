/**
 * Questions and answers that lie in the middle of a call, and those that come after its end. Classes 12–16 and 32.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createCodemode, createWorkerdEngine } from "../../src/index.ts";
import type { PersonAnswer } from "../../src/index.ts";
import { ask, codeOf, createAsker, meet } from "./asking-source.ts";
import type { Misbehave, Relay } from "./asking-source.ts";

describe("a schema that lies", () => {
  const deep = (levels: number): unknown =>
    levels === 0 ? {} : { type: "object", properties: { a: deep(levels - 1) } };
  it.each<[string, unknown]>([
    ["is none", null],
    ["is a list", []],
    ["is no object's", { type: "string" }],
    ["is deep", deep(1_000)],
    ["has a field __proto__", JSON.parse(`{"type":"object","properties":{"__proto__":{"type":"string"}}}`)],
    ["has a field constructor", { type: "object", properties: { constructor: { type: "string" } } }],
    ["has a field with a line in its name", { type: "object", properties: { "a\nb": { type: "string" } } }],
    ["refers to itself", { type: "object", properties: { a: { $ref: "#" } } }],
    ["requires what is none", { type: "object", properties: {}, required: "all" }],
    ["hides a choice", { type: "object", properties: { a: { type: "string", enum: ["y\u202ees"] } } }],
    ["has a choice that is an object", { type: "object", properties: { a: { type: "string", enum: [{}] } } }],
  ])("%s is refused", async (_what, schema) => {
    const { document, shown } = await meet((relay) => codeOf(relay(ask("?", schema))));
    expect(document.result).toBe("relay_declined");
    expect(shown).toEqual([]);
  });

  it.each<[string, unknown]>([
    ["of another type", { n: "one" }],
    ["with a field more", { n: 1, more: 2 }],
    ["with __proto__", JSON.parse(`{"n":1,"__proto__":{"polluted":true}}`)],
    ["that is deep", { n: JSON.parse("[".repeat(5_000) + "]".repeat(5_000)) }],
    ["that is a list", [1]],
  ])("an answer %s does not reach the source", async (_what, content) => {
    const { document } = await meet((relay) => codeOf(relay(ask("?"))), {
      answer: () => Promise.resolve({ action: "accept", content } as PersonAnswer),
    });
    expect(document.result).toBe("relay_declined");
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
});

describe("a question after the end", () => {
  let kept: Relay | undefined;
  const keep: Misbehave = (relay) => {
    kept = relay;
    return "kept";
  };

  it.each<[string, Misbehave, string]>([
    ["of its call", keep, "return await tools.asker.go({})"],
    [
      "of a call that failed",
      (relay) => {
        kept = relay;
        throw new Error("failed");
      },
      "return await tools.asker.go({}).catch(() => 1)",
    ],
    ["of its run", keep, "await tools.asker.go({}); throw new Error('over')"],
    ["of a call that nobody awaited", keep, "void tools.asker.go({}); await tools.asker.go({}); return 1"],
    [
      "of a call that was asked already",
      async (relay) => {
        await relay(ask("?"));
        kept = relay;
        return 1;
      },
      "return await tools.asker.go({})",
    ],
  ])("%s is shown to nobody, in the next run neither", async (_what, misbehave, code) => {
    kept = undefined;
    const { shown } = await meet(misbehave, { code });
    const before = shown.length;
    expect(
      await codeOf(
        kept === undefined
          ? Promise.reject(new Error("none"))
          : Reflect.apply(kept, undefined, [ask("late?")]),
      ),
    ).toBe("relay_declined");
    expect(shown).toHaveLength(before);
  });

  it("is over when the run is cancelled, and the late answer goes nowhere", async () => {
    const cancel = new AbortController();
    const heard: string[] = [];
    const late = Promise.withResolvers<PersonAnswer>();
    const { document, shown } = await meet(
      async (relay) => {
        heard.push(await codeOf(relay(ask("go on?"))));
        return 1;
      },
      {
        signal: cancel.signal,
        answer: () => {
          setTimeout(() => cancel.abort(), 20);
          return late.promise;
        },
      },
    );
    expect(document.status).toBe("cancelled");
    expect(shown[0]?.signal.aborted).toBe(true);
    late.resolve({ action: "accept", content: { n: 1 } });
    await sleep(20);
    expect(heard).toEqual(["relay_declined"]);
  });
});

it("a call's deadline rests while a person is asked, and only then", async () => {
  await using codemode = createCodemode({
    sources: [
      createAsker(async (relay) => {
        await relay(ask("?"));
        await new Promise(() => undefined);
      }),
    ],
    engine: createWorkerdEngine(),
    check: "off",
    limits: { callMs: 400 },
  });
  const { document } = await codemode.execute({
    code: "return await tools.asker.go({}).catch((e) => e.code)",
    askPerson: async () => {
      await sleep(900);
      return { action: "decline" };
    },
  });
  expect(document.result).toBe("source_timeout");
  expect(document.calls[0]?.ms).toBeGreaterThanOrEqual(900);
});
