import { describe, expect, it } from "vitest";
import { CodemodeError } from "../../errors.ts";
import { chooseEngine, type ChooseOptions } from "./choose-engine.ts";
import type { Config } from "./config/config-schema.ts";

const found = () => ({ path: "/workerd", build: "workerd 1" });
const absent = () => {
  throw new CodemodeError("sandbox_unavailable", "workerd has no build for freebsd on x64.");
};

describe("chooseEngine", () => {
  interface Case {
    readonly name: string;
    readonly sandbox?: Config["sandbox"];
    readonly options: ChooseOptions;
    readonly chosen: string;
    readonly reason: RegExp;
  }
  const cases: readonly Case[] = [
    {
      name: "workerd where it is",
      options: { findBinary: found, glibc: "2.39" },
      chosen: "workerd",
      reason: /default/,
    },
    {
      name: "quickjs without a build",
      options: { findBinary: absent, platform: "freebsd" },
      chosen: "quickjs",
      reason: /no build for freebsd/,
    },
    {
      name: "quickjs on musl",
      options: { findBinary: found, platform: "linux", glibc: undefined },
      chosen: "quickjs",
      reason: /glibc/,
    },
    {
      name: "workerd where no system has glibc",
      options: { findBinary: found, platform: "darwin", glibc: undefined },
      chosen: "workerd",
      reason: /default/,
    },
    {
      name: "what is configured",
      sandbox: { engine: "quickjs" },
      options: { findBinary: found },
      chosen: "quickjs",
      reason: /sandbox\.engine/,
    },
    {
      name: "what is configured, even where it cannot run",
      sandbox: { engine: "workerd" },
      options: { findBinary: absent },
      chosen: "workerd",
      reason: /sandbox\.engine/,
    },
  ];
  it.each(cases)("$name", ({ sandbox, options, chosen, reason }) => {
    expect(chooseEngine(sandbox, options)).toEqual({ name: chosen, reason: expect.stringMatching(reason) });
  });
});
