/**
 * Every public escape of the table on every engine, and that the table's probe does find an escape where there
 * is one.
 */
import { createContext, runInContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { take } from "./escape-probe.ts";
import { escapes } from "./escape-table.ts";
import { describeHostile, unreachable, type HostileCase } from "./hostile-host.ts";

const cases: HostileCase[] = escapes.map(([of, name, code], index) => ({
  what: `${index + 1}. ${of}: ${name}`,
  code: `${take}\nconst attempt = async () => { ${code} };\ntry { const got = await attempt(); if (Array.isArray(got)) found.push(...got.map(String)) } catch (thrown) { take(thrown) }\nreturn found`,
  expect: (document) => {
    if (document.error?.code === "snippet_syntax") expect(code).toMatch(/^with /);
    unreachable(document);
  },
}));

describe("the probe", () => {
  const shared = { leaked: { list: [1] }, call: () => 1, fail: () => Promise.reject(new Error("no")) };

  it.each([
    ["the global object", "take(globalThis.leaked)"],
    ["a nested object", "take(leaked.list)"],
    ["a function", "take(call)"],
    ["an error", "fail().catch(take)"],
  ])("finds the escape by %s where there is one: in node:vm", async (_, code) => {
    const context = createContext({ ...shared });
    const found: unknown = runInContext(`${take}\n${code}; found`, context);
    await new Promise((resolve) => setImmediate(resolve));
    expect([...(found as string[])]).toContain("process");
  });
});

describeHostile("known escapes", cases);
