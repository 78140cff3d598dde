/**
 * State, saved snippets and modules under attack: values and keys that pose as prototypes, one run's leavings in the
 * next, other principals' things, and code that goes on from a saved snippet.
 */
import { describe, expect, it } from "vitest";
import { describeHostile, engines, killed, limits, openHost, refused, returned } from "./hostile-host.ts";

describeHostile("values kept for later runs", [
  {
    what: "a getter with side effects is read when it is kept, and never again",
    code: 'let n = 0; await codemode.state.set("a", { get x() { return (n += 1) } }); const read = n; const kept = (await codemode.state.get("a")).x; return [kept <= read, n === read, (await codemode.state.get("a")).x === kept]',
    expect: returned([true, true, true]),
  },
  {
    what: "a throwing getter keeps nothing",
    code: 'try { await codemode.state.set("thrown", { get x() { throw new Error("no") } }) } catch {} return (await codemode.state.get("thrown")) === undefined',
    expect: returned(true),
  },
  {
    what: "a lying toJSON is not asked",
    code: 'Object.prototype.toJSON = () => "lie"; try { await codemode.state.set("t", { n: 1 }); } finally { delete Object.prototype.toJSON } return codemode.state.get("t")',
    expect: ({ result, status }) => expect([status, JSON.stringify(result)]).not.toContain('"lie"'),
  },
  {
    what: "keys of prototypes are own keys, in keys and in values",
    code: `
      for (const key of ["__proto__", "constructor", "toString", "hasOwnProperty", "then"]) {
        if ((await codemode.state.get(key)) !== undefined) return key;
        await codemode.state.set(key, JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'));
      }
      const back = await codemode.state.get("__proto__");
      return [Object.hasOwn(back, "__proto__"), ({}).polluted === undefined, (await codemode.state.list()).length >= 5];`,
    expect: returned([true, true, true]),
  },
  ...["() => 1", "Symbol()", "NaN", "new Map()", "new Set()", "new Uint8Array(1)", "new Date()"].map(
    (value) => ({
      what: `what JSON cannot say is refused: ${value}`,
      code: `return codemode.state.set("v", { deep: [${value}] })`,
      expect: refused("value_unsupported"),
    }),
  ),
  {
    what: "a cycle is refused",
    code: 'const a = {}; a.a = a; return codemode.state.set("v", a)',
    expect: refused("value_unsupported", "value_too_large"),
  },
  {
    what: "depth of a hundred thousand is refused",
    code: 'let a = []; for (let n = 0; n < 1e5; n += 1) a = [a]; return codemode.state.set("v", a)',
    expect: refused("value_too_large", "value_unsupported"),
  },
  {
    what: "a million keys are refused",
    code: 'const a = {}; for (let n = 0; n < 1e6; n += 1) a["k" + n] = n; return codemode.state.set("v", a)',
    expect: killed("value_too_large", "state_limit", "cpu_limit", "memory_limit", "wall_limit"),
  },
  {
    what: "a long key is refused, and said shortly",
    code: 'return codemode.state.get("k".repeat(1e5))',
    expect: (document) => {
      refused("state_limit")(document);
      expect(document.error?.message.length).toBeLessThan(300);
    },
  },
]);

describeHostile("names of saved snippets", [
  ...["__proto__", "constructor", "toString", "then", "", "a/../b", "k".repeat(10_000)].map((name) => ({
    what: `none is run by the name ${JSON.stringify(name.slice(0, 20))}`,
    code: `return codemode.run(${JSON.stringify(name)})`,
    expect: refused("saved_snippet_not_found"),
  })),
  ...["5", "null", "{ toString: () => 'x' }", "['x']", "undefined"].map((name) => ({
    what: `${name} is no name`,
    code: `return codemode.run(${name})`,
    expect: refused("usage", "value_unsupported"),
  })),
  {
    what: "a proposal cannot be run, and cannot take a name that is none",
    code: `
      await codemode.propose({ name: "mine", description: "d", code: "return 1" });
      const failed = [];
      for (const name of ["__proto__", "../x", "", 5, "a b"])
        await codemode.propose({ name, description: "d", code: "return 1" }).catch(({ code }) => failed.push(code));
      return [failed, await codemode.run("mine").catch(({ code }) => code)];`,
    expect: returned([Array.from({ length: 5 }, () => "saved_snippet_invalid"), "saved_snippet_not_found"]),
  },
]);

describe.each(engines)("what saved code may do on %s", (_, create) => {
  it("is what the run may do, whatever it is saved as", async () => {
    const host = await openHost(create());
    const { codemode } = host;
    try {
      const save = (name: string, code: string): Promise<unknown> =>
        codemode.snippets.save({ name, description: "d", code });
      for (const code of [
        'import "node:fs";\nreturn 1',
        "})(); (async () => {",
        'import "saved.js";\nreturn 1',
      ])
        await expect(save("bad", code)).rejects.toMatchObject({ code: "snippet_syntax" });
      await save("closes", "return 1 }; globalThis.broken = 1; async () => { return 2").catch(
        () => undefined,
      );
      await save("loads", 'return import("cloudflare:workers")');
      await save("spins", "for (;;) {}");
      await save("leaves", "globalThis.left = 1; Array.prototype.left = 1; return typeof broken");
      await save("denied", "return tools.lab.denied({})");
      await save("writes", "return tools.lab.write({ from: 'saved' })");
      const run = async (name: string): Promise<unknown> => {
        const { document } = await codemode.execute({ code: `return codemode.run("${name}")` });
        return document.error?.code ?? document.result ?? document.status;
      };
      expect(await run("loads")).toMatch(/^(unsupported|snippet_threw)$/);
      expect(await run("spins")).toBe("cpu_limit");
      expect(await run("leaves")).toBe("undefined");
      const after = await codemode.execute({ code: "return [typeof left, [].left === undefined]" });
      expect(after.document.result).toEqual(["undefined", true]);
      expect(await run("denied")).toBe("call_denied");
      host.sent.length = 0;
      expect(await run("writes")).toBe("paused");
      expect(host.sent).toEqual([]);
    } finally {
      await codemode.close();
    }
  });

  it("is nobody else's: absent and another's cannot be told apart", async () => {
    const { codemode } = await openHost(create());
    try {
      await codemode.snippets.save({
        name: "secret-sums",
        description: "Sums in secret.",
        code: "return 42",
      });
      await codemode.execute({ code: 'await codemode.state.set("secret-sums", "kept")' });
      const answers = async (name: string, principal: string): Promise<unknown> => {
        const code = `
          const say = (error) => [error.code, error.message, error.hint ?? null];
          return [
            (await codemode.state.get("${name}")) ?? null,
            await codemode.state.list("${name.slice(0, 3)}"),
            await codemode.run("${name}").catch(say),
            await codemode.describe("${name}").catch(say),
            (await codemode.search("${name}")).results.map(({ path }) => path),
          ];`;
        const { document } = await codemode.execute({ code, principal });
        const outside = await codemode.snippets.show({ name, principal }).catch((error: unknown) => error);
        return JSON.stringify([document.result, String(outside)]).replaceAll(name, "<name>");
      };
      expect(await answers("secret-sums", "local")).toContain("kept");
      expect(await answers("secret-sums", "other")).toBe(await answers("absent-sums", "other"));
      await expect(
        codemode.snippets.remove({ name: "secret-sums", principal: "other" }),
      ).rejects.toMatchObject({
        code: "saved_snippet_not_found",
      });
    } finally {
      await codemode.close();
    }
  });

  it("counts against the limits of its run", async () => {
    const { codemode } = await openHost(create());
    try {
      const code = `let calls = 0; try { for (;;) { await tools.lab.echo({}); calls += 1 } } catch (error) { return [error.code, calls] }`;
      await codemode.snippets.save({ name: "greedy", description: "d", code });
      const { document } = await codemode.execute({ code: 'return codemode.run("greedy")' });
      expect(document.result).toEqual(["call_limit", limits.calls]);
    } finally {
      await codemode.close();
    }
  });
});
