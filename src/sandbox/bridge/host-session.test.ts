import { afterEach, describe, expect, test, vi } from "vitest";
import type { GuestCall, GuestOutcome, LogLine } from "../../spec/engine.ts";
import { defaultLimits, type Limits } from "../../spec/limits.ts";
import { createHostSession } from "./host-session.ts";

function setUp(limits: Partial<Limits> = {}) {
  const sent: string[] = [];
  const calls: GuestCall[] = [];
  const logs: LogLine[] = [];
  const ends: boolean[] = [];
  const program = {
    code: "",
    limits: { ...defaultLimits, ...limits },
    seed: "s",
    now: 5,
    principal: "local",
  };
  const session = createHostSession({
    program,
    listener: { call: (call) => void calls.push(call), log: (line) => void logs.push(line) },
    send: (message) => void sent.push(message),
    onEnd: (clean) => void ends.push(clean),
  });
  session.start();
  const say = (...frames: unknown[]): void =>
    session.receive(
      Buffer.from(
        frames.map((frame) => (typeof frame === "string" ? frame : JSON.stringify(frame))).join("\n"),
      ),
    );
  return { session, say, sent, calls, logs, ends };
}

const call = (seq: number, kind = "tool"): unknown =>
  kind === "timer" ? ["call", seq, kind, [], [10], null] : ["call", seq, kind, ["a", "b"], [{ x: seq }], 3];

const codeOf = async (outcome: Promise<GuestOutcome>): Promise<string> => {
  const settled = await outcome;
  return settled.status === "completed" ? "completed" : settled.error.code;
};

afterEach(() => {
  vi.useRealTimers();
});

test("starts with the seed, the clock and the limits that the guest must know", () => {
  const { sent } = setUp({ timers: 7, calls: 3 });
  expect(JSON.parse(String(sent[0]))).toMatchObject([
    "start",
    { seed: "s", now: 5, limits: { timers: 7, unanswered: 10, depth: 200 } },
  ]);
});

test("passes calls and logs on in order, delivers once, and ends with the result", async () => {
  const { session, say, sent, calls, logs, ends } = setUp();
  say(call(1), ["log", "warn", "careful"], call(2, "builtin"), call(3, "timer"));
  expect(calls).toEqual([
    { seq: 1, kind: "tool", path: ["a", "b"], args: [{ x: 1 }], line: 3 },
    { seq: 2, kind: "builtin", path: ["a", "b"], args: [{ x: 2 }], line: 3 },
    { seq: 3, kind: "timer", path: [], args: [10] },
  ]);
  expect(logs).toEqual([{ level: "warn", text: "careful" }]);
  session.deliver({ seq: 2, ok: true, value: new Date(9), now: 10 });
  session.deliver({ seq: 2, ok: true, value: "again", now: 11 });
  session.deliver({ seq: 99, ok: true, value: "unknown", now: 12 });
  session.deliver({ seq: 1, ok: false, error: { code: "tool_failed", message: "no" }, now: 13 });
  expect(sent.slice(1)).toEqual([
    '["deliver",2,10,{"$":["date",9]}]',
    '["fail",1,13,{"code":"tool_failed","message":"no"}]',
  ]);
  say(["result", { done: true }]);
  expect(await session.outcome).toEqual({ status: "completed", value: { done: true } });
  expect(ends).toEqual([true]);
  session.deliver({ seq: 3, ok: true, value: 1, now: 20 });
  expect(sent).toHaveLength(3);
  expect(session.tainted).toBe(false);
});

test("delivers ahead of a call once, and does not wait for it then", async () => {
  const { session, say, sent, calls } = setUp();
  say(call(1));
  session.deliver({ seq: 3, ok: true, value: "third", now: 10 }, { ahead: true, more: true });
  session.deliver({ seq: 3, ok: true, value: "again", now: 11 }, { ahead: true });
  session.deliver({ seq: 1, ok: true, value: "first", now: 12 }, { ahead: true });
  session.deliver({ seq: 1, ok: true, value: "again", now: 13 }, { ahead: true });
  say(call(2), call(3));
  session.deliver({ seq: 3, ok: true, value: "late", now: 14 }, { ahead: true });
  expect(sent.slice(1)).toEqual(['&["deliver",3,10,"third"]', '["deliver",1,12,"first"]']);
  expect(calls.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  session.deliver({ seq: 2, ok: true, value: "second", now: 15 });
  await vi.waitFor(() => expect(sent.at(-1)).toBe('["ping",1]'));
});

describe("an answer that cannot cross fails its call", () => {
  test.each([
    [() => 1, "value_unsupported"],
    ["x".repeat(2_000), "value_too_large"],
  ])("%#", (value, code) => {
    const { session, say, sent } = setUp({ resultBytes: 1_000 });
    say(call(1));
    session.deliver({ seq: 1, ok: true, value: value as string, now: 6 });
    expect(JSON.parse(String(sent.at(-1)))).toMatchObject(["fail", 1, 6, { code }]);
  });
});

describe("what no guest says kills the process", () => {
  const frames: readonly (readonly [string, readonly unknown[]])[] = [
    ["no JSON", ["{"]],
    ["no list", [{}]],
    ["an unknown kind", [["hello"]]],
    ["a number skipped", [call(2)]],
    ["a number twice", [call(1), call(1)]],
    ["a call after the result", [["result", 1], call(1)]],
    [
      "a second result",
      [
        ["result", 1],
        ["result", 2],
      ],
    ],
    ["a path that is none", [["call", 1, "tool", [], [], 1]]],
    ["a path of 17 steps", [["call", 1, "tool", Array.from({ length: 17 }, () => "a"), [], 1]]],
    ["a path too long", [["call", 1, "tool", ["a".repeat(1_025)], [], 1]]],
    ["a timer with a path", [["call", 1, "timer", ["a"], [1], null]]],
    ["a timer without a delay", [["call", 1, "timer", [], ["1"], null]]],
    ["a negative delay", [["call", 1, "timer", [], [-1], null]]],
    ["arguments that are no list", [["call", 1, "tool", ["a"], {}, null]]],
    ["a part too many", [["call", 1, "tool", ["a"], [], 1, 1]]],
    ["a fractional line", [["call", 1, "tool", ["a"], [], 1.5]]],
    ["an unknown level", [["log", "fatal", "x"]]],
    ["a log that is no text", [["log", "log", 1]]],
    ["an answer to no ping", [["idle", 1, 0]]],
    ["a code that is no text", [["error", { code: 7, message: "x" }]]],
    ["an error without a code", [["error", { message: "x" }]]],
    ["an error without a message", [["error", { code: "internal" }]]],
    ["a malformed value", ['["result",{"$":["date","x"]}]']],
    ["too deep", [`["result",${"[".repeat(300)}${"]".repeat(300)}]`]],
    ["too deep for any scan", [`["result",${"[".repeat(100_000)}${"]".repeat(100_000)}]`]],
    ["an argument too large", [["call", 1, "tool", ["a"], ["x".repeat(200_000)], 1]]],
    ["a result too large", [["result", "x".repeat(200_000)]]],
    ["a frame of no kind that is large", [["other", "x".repeat(10_000)]]],
    ["an empty message", [""]],
    ["a line feed too many", [call(1), ""]],
    ["an empty line between", [call(1), "", call(2)]],
  ];
  test.each(frames)("%s", async (_name, said) => {
    const { session, say, ends } = setUp({ argumentBytes: 100_000, resultBytes: 100_000 });
    say(...said);
    expect(await codeOf(session.outcome)).toBe("bridge_violation");
    expect(ends).toEqual([false]);
    expect(session.tainted).toBe(true);
  });

  test("bytes that are no text are no crash", async () => {
    const { session } = setUp();
    session.receive(Buffer.from([0xff, 0xfe, 0x00, 0x80]));
    expect(await codeOf(session.outcome)).toBe("bridge_violation");
  });

  test("calls without an answer, on both sides of the bound", async () => {
    const { session, say, calls } = setUp({ calls: 2, timers: 1 });
    say(call(1), call(2), call(3));
    expect(calls).toHaveLength(3);
    session.deliver({ seq: 1, ok: true, value: 1, now: 6 });
    say(call(4));
    expect(calls).toHaveLength(4);
    say(call(5));
    expect(await codeOf(session.outcome)).toBe("bridge_violation");
  });

  test("words after the end taint the process", async () => {
    const { session, say } = setUp();
    say(["result", 1]);
    await session.outcome;
    say(call(1));
    expect(session.tainted).toBe(true);
  });
});

test("a value at the depth limit passes, one deeper does not", async () => {
  const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
  const passing = setUp({ depth: 10 });
  passing.say(`["result",${nested(10)}]`);
  expect(await codeOf(passing.session.outcome)).toBe("completed");
  const failing = setUp({ depth: 10 });
  failing.say(`["result",${nested(11)}]`);
  expect(await codeOf(failing.session.outcome)).toBe("bridge_violation");
});

test("a guest's own error never poses as a verdict of the host", async () => {
  const forged = setUp();
  forged.say(["error", { code: "cpu_limit", message: "m", line: 2, column: 3, data: { a: 1 } }]);
  expect(await forged.session.outcome).toEqual({
    status: "failed",
    error: { code: "snippet_threw", message: "m", line: 2, column: 3, data: { a: 1 } },
  });
  const delivered = setUp();
  delivered.say(call(1));
  delivered.session.deliver({ seq: 1, ok: false, error: { code: "call_denied", message: "no" }, now: 6 });
  delivered.say(["error", { code: "call_denied", message: "no" }]);
  expect(await codeOf(delivered.session.outcome)).toBe("call_denied");
});

test("timers are counted, on both sides of the limit", async () => {
  const { session, say, calls } = setUp({ timers: 2 });
  say(call(1, "timer"), call(2, "timer"));
  expect(calls).toHaveLength(2);
  say(call(3, "timer"));
  expect(await codeOf(session.outcome)).toBe("timer_limit");
  expect(calls).toHaveLength(2);
});

test("logs are cut at their budget, with a mark, and then dropped", () => {
  const { say, logs } = setUp({ logBytes: 10 });
  say(["log", "log", "1234"], ["log", "log", "é78901234"], ["log", "log", "late"]);
  expect(logs).toEqual([
    { level: "log", text: "1234" },
    { level: "log", text: "é789… [console output cut at 10 bytes]" },
  ]);
});

describe("time", () => {
  test("stands still while a tool is awaited, but not while a timer is", async () => {
    vi.useFakeTimers();
    const { session, say } = setUp({ wallMs: 1_000 });
    let ended = false;
    void session.outcome.then(() => (ended = true));
    say(call(1), call(2, "timer"));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(ended).toBe(false);
    session.deliver({ seq: 1, ok: true, value: 1, now: 6 });
    await vi.advanceTimersByTimeAsync(900);
    expect(ended).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(await codeOf(session.outcome)).toBe("wall_limit");
  });

  test("a lifetime counts everything", async () => {
    vi.useFakeTimers();
    const { session, say } = setUp({ wallMs: 1_000, lifetimeMs: 3_000 });
    say(call(1));
    await vi.advanceTimersByTimeAsync(3_100);
    expect(await codeOf(session.outcome)).toBe("lifetime_limit");
  });

  test("a guest that can never go on fails as soon as it says so", async () => {
    vi.useFakeTimers();
    const { session, say, sent } = setUp();
    await vi.advanceTimersByTimeAsync(50);
    expect(sent.at(-1)).toBe('["ping",1]');
    say(["idle", 1, 0]);
    expect(await codeOf(session.outcome)).toBe("never_settled");
  });

  test("a call that came and went while it was asked is a sign of life", async () => {
    vi.useFakeTimers();
    const { session, say, sent } = setUp();
    await vi.advanceTimersByTimeAsync(50);
    say(call(1));
    session.deliver({ seq: 1, ok: true, value: 1, now: 6 });
    say(["idle", 1, 1]);
    await vi.advanceTimersByTimeAsync(50);
    expect(sent.at(-1)).toBe('["ping",2]');
    say(call(2), ["idle", 2, 2]);
    session.deliver({ seq: 2, ok: true, value: 1, now: 6 });
    say(["result", 1]);
    expect(await codeOf(session.outcome)).toBe("completed");
  });
});

test("idle resolves with what was issued once the guest has caught up, and at the end at the latest", async () => {
  const { session, say } = setUp();
  say(call(1));
  const first = session.idle();
  session.deliver({ seq: 1, ok: true, value: 1, now: 6 });
  const second = session.idle();
  say(["idle", 1, 1], call(2), call(3), ["idle", 2, 3]);
  expect(await first).toEqual({ issued: 1 });
  expect(await second).toEqual({ issued: 3 });
  const third = session.idle();
  session.end({ code: "run_cancelled", message: "stop" });
  expect(await third).toEqual({ issued: 3 });
  expect(await session.idle()).toEqual({ issued: 3 });
  expect(await codeOf(session.outcome)).toBe("run_cancelled");
});

test("a large answer leaves in parts that make the whole", () => {
  const { session, say, sent } = setUp();
  say(call(1));
  const value = `${"a".repeat(8 * 2 ** 20 - 20)}😀😀😀${"b".repeat(2 ** 20)}`;
  session.deliver({ seq: 1, ok: true, value, now: 6 });
  const parts = sent.slice(1);
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.map((part) => part.startsWith("+"))).toEqual([true, false]);
  const whole = parts.map((part) => Buffer.from(part.replace(/^\+/, "")).toString()).join("");
  expect(JSON.parse(whole)).toEqual(["deliver", 1, 6, value]);
});
