/**
 * Which engine runs snippets here and why: the one that the configuration names, or workerd where this machine
 * can run it and QuickJS elsewhere.
 */
import { toCodemodeError } from "../../errors.ts";
import { findWorkerdBinary, type WorkerdBinary } from "../../sandbox/workerd/workerd-binary.ts";
import type { Config } from "./config/config-schema.ts";

export interface EngineChoice {
  readonly name: "workerd" | "quickjs";
  /** One sentence for people. */
  readonly reason: string;
}

export interface ChooseOptions {
  /** Throws where there is none. Default: what the installed package has. */
  readonly findBinary?: () => WorkerdBinary;
  /** The version of the system's C library where that is glibc. Default: this machine's. */
  readonly glibc?: string | undefined;
  readonly platform?: NodeJS.Platform;
}

export function chooseEngine(sandbox: Config["sandbox"] = {}, options: ChooseOptions = {}): EngineChoice {
  if (sandbox.engine !== undefined) return { name: sandbox.engine, reason: "sandbox.engine says so." };
  const { findBinary = findWorkerdBinary, platform = process.platform } = options;
  const glibc = "glibc" in options ? options.glibc : glibcVersion();
  if (platform === "linux" && glibc === undefined) {
    return { name: "quickjs", reason: "workerd needs glibc, which this system does not use." };
  }
  try {
    findBinary();
    return { name: "workerd", reason: "It is the default, and has a build for this machine." };
  } catch (thrown) {
    return { name: "quickjs", reason: toCodemodeError(thrown).message };
  }
}

function glibcVersion(): string | undefined {
  if (process.platform !== "linux") return undefined;
  Reflect.set(process.report, "excludeNetwork", true);
  const report: unknown = process.report.getReport();
  const header: unknown = typeof report === "object" && report !== null ? Reflect.get(report, "header") : {};
  const version: unknown =
    typeof header === "object" && header !== null ? Reflect.get(header, "glibcVersionRuntime") : undefined;
  return typeof version === "string" ? version : undefined;
}
