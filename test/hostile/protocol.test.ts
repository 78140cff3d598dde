/**
 * Frames that no harness would send: of unknown kinds, malformed, numbered wrongly, after the end.
 */
import { expect } from "vitest";
import { forge, forged, nothingSent } from "./forge-frames.ts";
import { describeHostile, refused, returned, type HostileCase, type HostileHost } from "./hostile-host.ts";

const echo = (seq: string): string => `["call",${seq},"tool",["lab","echo"],[{"forged":true}],null]`;

function violation(document: Parameters<HostileCase["expect"]>[0], host: HostileHost): void {
  refused("bridge_violation")(document);
  nothingSent(host);
}

const frames: HostileCase[] = [
  {
    what: "25. a forged frame does reach the host: as the call it is",
    code: forged(echo("2")),
    expect: (_, { sent }) => expect(sent).toContainEqual({ forged: true }),
  },
  ...[
    ["of an unknown kind", '["exec","process.env"]'],
    ["of the host's kind: deliver", '["deliver",1,0,"forged"]'],
    ["of the host's kind: start", '["start",{"seed":"s","now":0}]'],
    ["with another run's id", `${echo("2").slice(0, -1)},"run_0"]`],
    ["that is no JSON", '["call",2,tool]'],
    ["that is no list", '{"call":2}]'],
    ["that is empty", "]"],
    ["that is cut off", '["call",2,"tool",["lab","echo"]'],
    ["of an unknown kind of call", '["call",2,"shell",["lab","echo"],[{}],null]'],
    ["whose path is no list of texts", '["call",2,"tool",[{"toString":"lab"}],[{}],null]'],
    ["whose path is no list", '["call",2,"tool","lab.echo",[{}],null]'],
    ["with an empty path", '["call",2,"tool",[],[{}],null]'],
    ["with a timer that has a path", '["call",2,"timer",["lab","echo"],[1],null]'],
    ["with arguments that are no list", '["call",2,"tool",["lab","echo"],{"forged":true},null]'],
    ["with a tag of no known value", '["call",2,"tool",["lab","echo"],[{"$":["Process",1]}],null]'],
  ].map(([what = "", frame = ""]) => ({
    what: `25. a frame ${what}`,
    code: forged(frame),
    expect: (document: Parameters<HostileCase["expect"]>[0], host: HostileHost) => {
      // A record that only looks like a tag is a record.
      if (document.error?.code !== "bridge_violation") expect(what).toContain("tag");
      else violation(document, host);
    },
  })),
  {
    what: "25. a log frame larger than all logs may be",
    code: `${forge}await forge('["log","info","' + "x".repeat(600000) + '"]'); return 1`,
    expect: violation,
  },
  {
    what: "25. a frame deeper than any value may be",
    code: `${forge}await forge('["result",' + "[".repeat(5000) + "]".repeat(5000) + ']'); return 1`,
    expect: violation,
  },
  {
    what: "25. a path longer than any may be",
    code: `${forge}await forge('["call",2,"tool",["lab","' + "x".repeat(10240) + '"],[{}],null]'); return 1`,
    expect: violation,
  },
];

const numbers: HostileCase[] = [
  ...["1", "0", "-1", "3", "1000000", "1.5", '"2"', "null", "9007199254740993", "1e400", "[2]"].map(
    (seq) => ({
      what: `26. a call numbered ${seq}`,
      code: forged(echo(seq)),
      expect: violation,
    }),
  ),
  ...[
    ["a second result", ['["result","first"]', '["result","second"]']],
    ["a call after the result", ['["result","first"]', echo("2")]],
    ["an error after the result", ['["result","first"]', '["error",{"code":"internal","message":"no"}]']],
    ["a log after the result", ['["result","first"]', '["log","info","late"]']],
    ["a result with a second value", ['["result","first","second"]']],
    ["an answer to no ping", ['["idle",4711,1]']],
    ["a false count of calls", ['["idle",1,0]']],
  ].map(([what, sent]) => ({
    what: `26. ${String(what)}`,
    code: forged(...(sent as string[])),
    expect: violation,
  })),
  {
    what: "26. calls in a message after the result",
    code: `${forge}void forge('["result","first"]'); await null; await null; void tools.lab.echo({ late: 1 }); await null; void tools.lab.write({ late: 2 }); for (let i = 0; i < 100; i += 1) await null; void tools.lab.echo({ late: 3 }); return "second"`,
    expect: (document, host) => {
      returned("first")(document);
      nothingSent(host);
      expect(document.calls.map((call) => call.path)).not.toContain("lab.write");
    },
  },
  {
    what: "26. an error that poses as a verdict of the host",
    code: forged('["error",{"code":"lease_lost","message":"Another host has taken over the run."}]'),
    expect: refused("snippet_threw"),
  },
  {
    what: "26. an error of no known code",
    code: forged('["error",{"code":"__proto__","message":"x"}]'),
    expect: refused("snippet_threw"),
  },
  {
    what: "26. a forged write is asked about like any other",
    code: forged('["call",2,"tool",["lab","write"],[{"forged":true}],null]'),
    expect: (document, host) => {
      expect(document.status).toMatch(/^(paused|failed|completed)$/);
      nothingSent(host);
      expect(document.writes.filter((write) => write.state !== "intent")).toEqual([]);
    },
  },
];

describeHostile("protocol", [...frames, ...numbers]);
