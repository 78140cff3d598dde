/** Our own engines, as `dist` ships them: the engine's contract, without catalog, policy and journal. */
import type { Engine } from "../../../src/spec/engine.ts";
import { defaultLimits } from "../../../src/spec/limits.ts";
import { wait, type Contestant, type Sandbox } from "../contestant.ts";

type CreateEngine = (options: { prewarm: number; most: number; reuse: boolean }) => Engine;

const product: { readonly [name: string]: unknown } = await import(
  new URL("../../../dist/index.js", import.meta.url).href
);

const create = (engine: string): CreateEngine | undefined => product[engine] as CreateEngine | undefined;

/** An engine that this build does not have is no contestant. */
export function createOwn(name: string, engine: string, reuse: boolean): Contestant | undefined {
  const createEngine = create(engine);
  if (createEngine === undefined) return undefined;
  return {
    name,
    ...(reuse ? {} : { only: ["fresh", "throughput"], restMs: 150 }),
    async open({ timeoutMs, processes }) {
      // A process that serves once needs a successor that boots while it serves.
      const prewarm = reuse ? processes : processes * 2;
      const sandbox = createEngine({ prewarm, most: prewarm, reuse });
      await sandbox.ready();
      return toSandbox(sandbox, timeoutMs);
    },
  };
}

function toSandbox(engine: Engine, timeoutMs: number): Sandbox {
  const limits = { ...defaultLimits, calls: 1e6, cpuMs: timeoutMs, wallMs: timeoutMs };
  const prelude = "const echo = (v) => tools.lab.echo(v), wait = (ms) => tools.lab.wait(ms);";
  return {
    async run(body) {
      await using session = await engine.start(
        {
          code: `export default async () => { ${prelude} ${body} }`,
          limits,
          seed: "s",
          now: 0,
          principal: "local",
        },
        {
          call: ({ seq, path, args: [value] }) => {
            const answer = path[1] === "wait" ? wait(Number(value)) : undefined;
            const deliver = (answered: typeof value): void =>
              session.deliver({ seq, ok: true, value: answered, now: 0 });
            if (answer === undefined) deliver(value);
            else void answer.then(deliver);
          },
          log: () => undefined,
        },
      );
      const outcome = await session.outcome;
      if (outcome.status === "failed") throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
      return outcome.value;
    },
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}
