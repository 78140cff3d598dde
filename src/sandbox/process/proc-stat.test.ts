import { describe, expect, it } from "vitest";
import { parseProcStat, readProcStat } from "./proc-stat.ts";

const rest = "S 7 10 10 0 -1 4194304 100 0 0 0 12 34 0 0 20 0 1 0 98765 1000000 250 18446744073709551615";

describe("parseProcStat", () => {
  it.each(["node", "a b", "x) R 1 (", ") ) )"])("finds the fields behind the name %j", (name) => {
    const stat = parseProcStat(`42 (${name}) ${rest}\n`);
    expect(stat).toMatchObject({ state: "S", parent: 7, cpuMs: 460, startTicks: 98_765 });
  });

  it.each(["", "42 (node)", "42 (node) S 1"])("answers nothing for %j", (text) => {
    expect(parseProcStat(text)).toBeUndefined();
  });
});

describe.runIf(process.platform === "linux")("readProcStat", () => {
  it("agrees with what this process knows of itself", () => {
    const stat = readProcStat(process.pid);
    expect(stat?.parent).toBe(process.ppid);
    expect(Math.abs((stat?.residentBytes ?? 0) / process.memoryUsage.rss() - 1)).toBeLessThan(0.2);
    const { user, system } = process.cpuUsage();
    expect(Math.abs((stat?.cpuMs ?? 0) - (user + system) / 1000)).toBeLessThan(100);
  });

  it("answers nothing for a process that is not there", () => {
    expect(readProcStat(2 ** 30)).toBeUndefined();
  });
});
