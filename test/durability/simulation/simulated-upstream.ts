/**
 * An upstream that counts effects and outlives its clients: what has been sent happens, whether or not anybody
 * is there to hear of it. Its latencies and faults come from the seed.
 */
import { CallError } from "../../../src/call-error.ts";
import type { Source } from "../../../src/spec/source.ts";
import type { ToolDefinition } from "../../../src/spec/tool.ts";
import type { createChoice } from "../generate-program.ts";

const names = ["read", "write", "asked"];

function toDefinition(name: string): ToolDefinition {
  const effect = name === "read" ? "read" : "write";
  return { upstreamName: name, name: [name], input: { type: "object" }, effect, raw: { name } };
}

function lost(way: "there" | "back"): CallError {
  return new CallError("source_unavailable", `lost on the way ${way}`, { outcome: "unknown" });
}

export interface SimulatedUpstream {
  /** How often each write has happened, by its id. */
  readonly effects: ReadonlyMap<number, number>;
  /** The way of one host to it; nothing is sent once it is dead, and what is answered is heard when it is awake. */
  source(host: { readonly isDead: () => boolean; readonly awake: () => Promise<void> }): Source;
}

export function createSimulatedUpstream(
  choose: ReturnType<typeof createChoice>,
  faulty: boolean,
): SimulatedUpstream {
  const effects = new Map<number, number>();
  const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const silence = (): Promise<never> => new Promise(() => undefined);

  async function answer(name: string, id: number): Promise<string> {
    const fault = faulty ? choose(20) : 99;
    if (fault === 0) throw new CallError("source_unavailable", "not sent", { outcome: "not_sent" });
    await after(choose(30));
    if (fault === 1) throw new CallError("tool_failed", "refused", { outcome: "refused" });
    if (fault === 2) throw lost("there");
    if (name !== "read") effects.set(id, (effects.get(id) ?? 0) + 1);
    await after(choose(30));
    if (fault === 3) throw lost("back");
    if (fault === 4) return silence();
    return `${name} ${id}`;
  }

  return {
    effects,
    source: ({ isDead, awake }) => ({
      name: "upstream",
      kind: "simulated",
      fingerprint: "simulated",
      identity: async () => ({ kind: "test" }),
      list: () => Promise.resolve({ tools: names.map(toDefinition), issues: [] }),
      call: async ({ upstreamName, args }) => {
        if (isDead()) return silence();
        const [heard] = await Promise.allSettled([answer(upstreamName, (args as { id: number }).id)]);
        await awake();
        if (heard.status === "rejected") throw heard.reason;
        const { value } = heard;
        return isDead() ? silence() : { value, labels: [] };
      },
      status: () => ({ state: "ready" }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  };
}
