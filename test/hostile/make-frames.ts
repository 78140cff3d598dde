/**
 * Makes messages for the bridge fuzzer: right ones to get somewhere, then ones broken in a known or a random
 * way.
 */

export interface Dice {
  readonly below: (bound: number) => number;
  readonly chance: (part: number) => boolean;
  readonly pick: <T>(options: readonly [T, ...T[]]) => T;
}

export interface FuzzMessage {
  readonly bytes: Buffer;
  readonly frames: number;
  /** No host may accept it. */
  readonly broken: boolean;
}

export interface FrameMaker {
  /** `issued` is the number of calls the host has taken. */
  readonly message: (issued: number) => FuzzMessage;
}

export function createFrameMaker(dice: Dice): FrameMaker {
  const { below, chance, pick } = dice;

  function message(issued: number): FuzzMessage {
    const frames = Array.from({ length: 1 + below(4) }, (_, index) => goodFrame(issued + index + 1));
    if (chance(0.35)) return { bytes: Buffer.from(frames.join("\n")), frames: frames.length, broken: false };
    if (chance(0.4)) return brokenMessage(frames);
    const at = below(frames.length);
    frames[at] = chance(0.5) ? oddFrame(issued + at + 1) : (frames[at] ?? "");
    const bytes = Buffer.from(frames.join("\n"));
    return { bytes: chance(0.6) ? mutate(bytes) : bytes, frames: frames.length, broken: false };
  }

  function goodFrame(seq: number): string {
    const kind = below(10);
    if (kind < 6) return JSON.stringify(["call", seq, "tool", ["a", "b"], [value(3)], 1]);
    if (kind < 7) return JSON.stringify(["call", seq, "builtin", ["search"], [], null]);
    if (kind < 8) return JSON.stringify(["call", seq, "timer", [], [below(100)], null]);
    return JSON.stringify(["log", "info", "x".repeat(below(50))]);
  }

  /** Surely none of the frames there are. */
  function brokenMessage(frames: readonly string[]): FuzzMessage {
    const breaks: readonly [string, ...string[]] = [
      "",
      "{}",
      "[",
      "null",
      '"call"',
      "[]",
      '["call"]',
      '["CALL",1,"tool",["a"],[],1]',
      `["call",${below(10) + 1_000},"tool",["a"],[],1]`,
      '["call",1e400,"tool",["a"],[],1]',
      '["call","1","tool",["a"],[],1]',
      '["call",{"valueOf":1},"tool",["a"],[],1]',
      '["result"]',
      '["result",1,-1]',
      '["result",1,"2"]',
      '["result",1,2,3]',
      '["log","log"]',
      '["log",["log"],"x"]',
      '["idle",1,999]',
      '["error","x"]',
      '["error",{"code":{"toString":1},"message":"x"}]',
      '["error",{"code":"internal","message":"x"},0.5]',
      '["error",{"code":"internal","message":{"toString":1}}]',
      `["result",${"[".repeat(80)}${"]".repeat(80)}]`,
      `["result","${"x".repeat(20_000)}"]`,
      '["result",{"$":["map",[[1,2,3]]]}]',
      '["result",{"$":["bytes","!!!!"]}]',
      '["result",{"$":"undefined","$x":1}]',
      '["result",{"\\u0024":["bigint","0x10"]}]',
    ];
    const bytes = Buffer.from(
      [...frames.slice(0, below(2)).filter((frame) => frame.startsWith('["log"')), pick(breaks)].join("\n"),
    );
    return { bytes, frames: 1, broken: true };
  }

  /** A frame of the right outline with odd parts in it. */
  function oddFrame(seq: number): string {
    const parts: unknown[] = [
      "call",
      seq,
      pick(["tool", "builtin", "timer"]),
      [below(2) ? "a" : value(1)],
      [value(4)],
      below(9),
    ];
    const odd = (): unknown =>
      pick<unknown>([null, -1, 0.5, 2 ** 53, "", "__proto__", [], {}, [[]], true, "\u0000", value(5)]);
    if (chance(0.2)) return JSON.stringify(["result", value(6)]);
    if (chance(0.2))
      return JSON.stringify([
        "error",
        { code: pick(["internal", "cpu_limit", "x"]), message: odd(), line: odd() },
      ]);
    if (chance(0.1)) return JSON.stringify(["idle", odd(), odd()]);
    parts[below(parts.length)] = odd();
    if (chance(0.1)) parts.push(odd());
    return JSON.stringify(parts);
  }

  function value(levels: number): unknown {
    const kind = below(levels > 0 ? 12 : 6);
    if (kind < 2) return below(1_000) - 500;
    if (kind === 2) return pick(["", "text", "é😀\uD800", "__proto__", "$"]);
    if (kind === 3) return null;
    if (kind === 4)
      return pick<unknown>([{ $: "undefined" }, { $: "NaN" }, { $: ["date", 5] }, { $: ["bigint", "-ff"] }]);
    if (kind === 5) return { $: ["bytes", pick(["", "AAEC", "////"])] };
    if (kind < 8) return Array.from({ length: below(4) }, () => value(levels - 1));
    if (kind === 8) return { $: ["map", [[value(levels - 1), value(levels - 1)]]] };
    if (kind === 9) return { $: [pick(["set", "object", "code"]), value(levels - 1)] };
    const record: Record<string, unknown> = {};
    for (let count = below(4); count > 0; count--) {
      const key = pick(["a", "b", "constructor", "toJSON", "$", "__proto__", ""]);
      Object.defineProperty(record, key, { value: value(levels - 1), enumerable: true, configurable: true });
    }
    return record;
  }

  function mutate(bytes: Buffer): Buffer {
    let mutated = Buffer.from(bytes);
    for (let count = 1 + below(3); count > 0; count--) {
      const at = below(mutated.length + 1);
      const rest = mutated.subarray(at);
      const kind = below(6);
      if (kind === 0) mutated = Buffer.concat([mutated.subarray(0, at), rest.subarray(1 + below(8))]);
      else if (kind === 1)
        mutated = Buffer.concat([mutated.subarray(0, at), Buffer.from([below(256)]), rest]);
      else if (kind === 2 && at < mutated.length) mutated.writeUInt8(below(256), at);
      else if (kind === 3) mutated = mutated.subarray(0, at);
      else if (kind === 4) mutated = Buffer.concat([mutated, rest]);
      else
        mutated = Buffer.concat([
          mutated.subarray(0, at),
          Buffer.from(pick(['"', "[", "{", ",", "\\", "\n", "1e99", '{"$":'])),
          rest,
        ]);
    }
    return mutated;
  }

  return { message };
}
