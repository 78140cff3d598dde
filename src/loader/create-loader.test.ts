import { afterAll, describe, expect, expectTypeOf, it } from "vitest";
import { loaderEngines } from "../../test/fixtures/loader/loader-engines.ts";
import { refusal, toWorker } from "../../test/fixtures/loader/to-worker.ts";
import { createLoader } from "./create-loader.ts";

describe.each(loaderEngines)("a loaded worker on $name", ({ name, engine }) => {
  const loader = createLoader({ engine: engine() });
  afterAll(() => loader[Symbol.asyncDispose]());

  it("is called by the methods of its default export, and keeps its state between calls", async () => {
    await using worker = loader.load(
      toWorker("let n = 0; export default { count: (by) => (n += by), async later(x) { return { x }; } };"),
    );
    const entry = worker.getEntrypoint<{ count(by: number): number; later(x: Date): Promise<{ x: Date }> }>();
    expectTypeOf(entry.count).toEqualTypeOf<(by: number) => Promise<number>>();
    expect([await entry.count(1), await entry.count(2)]).toEqual([1, 3]);
    expect(await entry.later(new Date(5))).toEqual({ x: new Date(5) });
  });

  it("has modules of every kind, that import each other by name", async () => {
    await using worker = loader.load({
      mainModule: "src/main.ts",
      modules: {
        "src/main.ts": `import { twice } from "./lib/twice.ts";
          import up from "../up.js"; import bare from "bare.mjs"; import made from "made";
          import config from "config.json"; import text from "./note.txt"; import data from "data.bin";
          export default { all(n: number): unknown {
            return [twice(n), up, bare, made, config, text, new Uint8Array(data)];
          } };`,
        "src/lib/twice.ts":
          'import type { N } from "./types.ts"; export const twice = (n: number): N => n * 2;',
        "src/lib/types.ts": "export type N = number;",
        "up.js": 'export { value as default } from "bare.mjs";',
        "bare.mjs": "export const value = 'up'; export default 'bare';",
        made: { js: "export default 'made';" },
        "config.json": { json: JSON.parse('{"a":[1],"__proto__":{"x":1}}') },
        "src/note.txt": { text: 'line\u2028"`${x}' },
        "data.bin": { data: new Uint8Array([0, 255, 7]).buffer },
      },
    });
    const { all } = worker.getEntrypoint<{ all(n: number): unknown[] }>();
    const [twice, up, bare, made, config, text, data] = await all(21);
    expect([twice, up, bare, made, text, data]).toEqual([
      42,
      "up",
      "bare",
      "made",
      'line\u2028"`${x}',
      new Uint8Array([0, 255, 7]),
    ]);
    expect(Object.keys(config as object)).toEqual(["a", "__proto__"]);
  });

  it("has values and functions as bindings, in each place that Workers have them", async () => {
    const store = new Map([["k", "v"]]);
    const asked: unknown[] = [];
    await using worker = loader.load(
      toWorker(
        `import { WorkerEntrypoint, env } from "cloudflare:workers";
         const atStart = env.REGION;
         export class Named extends WorkerEntrypoint {
           async read(key) { return [await this.env.KV.get(key), await env.twice(4), this.env.KV.name, atStart, this.ctx.props]; }
         }
         export default { async fail() { try { await env.KV.fail(); } catch (e) { return [e instanceof Error, e.message]; } } };`,
        {
          env: {
            REGION: { name: "eu", since: new Date(1) },
            twice: (n: number) => n * 2,
            KV: {
              name: "store",
              get(this: { name: string }, key: string) {
                asked.push(this.name);
                return store.get(key);
              },
              fail: async () => {
                throw new TypeError("not today");
              },
            },
          },
        },
      ),
    );
    const named = worker.getEntrypoint<{ read(key: string): unknown[] }>("Named", { props: { user: 7 } });
    expect(await named.read("k")).toEqual(["v", 8, "store", { name: "eu", since: new Date(1) }, { user: 7 }]);
    expect(asked).toEqual(["store"]);
    const { fail } = worker.getEntrypoint<{ fail(): unknown }>();
    expect(await fail()).toEqual([true, "not today"]);
  });

  it.each([
    ["nothing", "toString"],
    ["nothing", "__proto__"],
    ["constructor", "any"],
    ["__proto__", "any"],
    ["default", "constructor"],
    ["default", "__proto__"],
    ["default", "toString"],
    ["default", "hasOwnProperty"],
    ["default", "value"],
    ["default", "x".repeat(300)],
    ["K", "constructor"],
    ["K", "toString"],
    ["plain", "call"],
  ])("has no %s.%s", async (entry, method) => {
    await using worker = loader.load(
      toWorker(
        `import { WorkerEntrypoint } from "cloudflare:workers";
         export class K extends WorkerEntrypoint {} export function plain() {} export default { value: 1 };`,
      ),
    );
    const stub = worker.getEntrypoint<Record<string, () => unknown>>(entry);
    expect(await refusal(stub[method]?.() ?? Promise.resolve())).toMatchObject({
      code: "entrypoint_not_found",
    });
  });

  it("refuses values that cannot cross, both ways, and lives on", async () => {
    await using worker = loader.load(
      toWorker(
        "export default { give: () => () => 1, deep() { let d = []; for (let i = 0; i < 300; i++) d = [d]; return d; }, big: (n) => 'x'.repeat(n), echo: (x) => x };",
        {
          limits: { valueBytes: 100_000 },
        },
      ),
    );
    const entry = worker.getEntrypoint<{
      give(): unknown;
      deep(): unknown;
      big(n: number): string;
      echo(x: unknown): unknown;
    }>();
    expect(await refusal(entry.give())).toMatchObject({ code: "value_unsupported" });
    expect(await refusal(entry.deep())).toMatchObject({ code: "value_too_large" });
    expect(await refusal(entry.big(100_000))).toMatchObject({ code: "value_too_large" });
    expect(await refusal(entry.echo(() => 1))).toMatchObject({ code: "value_unsupported" });
    expect(await refusal(entry.echo("x".repeat(100_000)))).toMatchObject({ code: "value_too_large" });
    expect((await entry.big(99_990)).length).toBe(99_990);
    expect(await entry.echo("x".repeat(99_900))).toHaveLength(99_900);
    expect(await entry.echo(new Map([[1n, new Set([Number.NaN])]]))).toEqual(
      new Map([[1n, new Set([Number.NaN])]]),
    );
  });

  it("refuses calls once it is disposed, those under way as well", async () => {
    const worker = loader.load(
      toWorker("export default { hang: () => new Promise(() => {}), one: () => 1 };"),
    );
    const entry = worker.getEntrypoint<{ hang(): void; one(): number }>();
    expect(await entry.one()).toBe(1);
    const hanging = refusal(entry.hang());
    await worker[Symbol.asyncDispose]();
    expect(await hanging).toMatchObject({ code: "run_cancelled", message: "The worker was disposed." });
    expect(await refusal(entry.one())).toMatchObject({ code: "run_cancelled" });
    await worker[Symbol.asyncDispose]();
  });

  it("waits for a process that others hold, and says so when it gets none", async () => {
    await using small = createLoader({ engine: engine({ most: 1 }) });
    const one = (wallMs: number) =>
      small.load(toWorker("export default { one: () => 1 };", { limits: { wallMs } }));
    const call = (stub: ReturnType<typeof one>) => stub.getEntrypoint<{ one(): number }>().one();
    const holder = one(20_000);
    expect(await call(holder)).toBe(1);
    expect(await refusal(call(one(300)))).toMatchObject({ code: "sandbox_busy" });
    const patient = one(20_000);
    const answer = call(patient);
    await holder[Symbol.asyncDispose]();
    expect(await answer).toBe(1);
  });

  it("ends when the host's own listener throws", async () => {
    const onLog = (): void => {
      throw new Error("the disk is full");
    };
    await using worker = loader.load(
      toWorker("export default { say() { console.log('x'); return new Promise(() => {}); } };", { onLog }),
    );
    const error = await refusal(worker.getEntrypoint<{ say(): void }>().say());
    expect(error).toMatchObject({ code: "internal", message: "the disk is full" });
  });

  it(`names what ${name} lacks by a typed error`, async () => {
    await using worker = loader.load(
      toWorker(
        "export default { async later() { await import('./x.js'); }, form: () => new Response('').formData() };",
      ),
    );
    const entry = worker.getEntrypoint<{ later(): void; form(): void }>();
    expect(await refusal(entry.later())).toMatchObject({ code: "unsupported" });
    expect(await refusal(entry.form())).toMatchObject({ code: "unsupported" });
  });
});
