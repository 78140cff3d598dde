/**
 * Makes of a worker's code the program of an engine's run: the guest's side of the loader, the worker's modules under
 * names of their own, and its bindings as data.
 */
import { Buffer } from "node:buffer";
import { CodemodeError } from "../errors.ts";
import { stripTypes } from "../run/strip-types.ts";
import { linkGuest } from "../sandbox/bridge/link-guest.ts";
import type { GuestProgram } from "../spec/engine.ts";
import { readEnv, type WorkerBindings } from "./read-env.ts";
import { rewriteImports } from "./rewrite-imports.ts";
import type { WorkerCode, WorkerModule } from "./worker-code.ts";
import type { WorkerLimits } from "./worker-limits.ts";

export interface PreparedWorker extends Pick<GuestProgram, "code"> {
  readonly modules: { readonly [file: string]: string };
  readonly bindings: WorkerBindings;
  /** The worker's own names instead of those in the sandbox. */
  readonly nameModules: (text: string) => string;
}

const known = new Set<string>([
  "mainModule",
  "modules",
  "env",
  "globalOutbound",
  "limits",
  "onLog",
  "compatibilityDate",
] satisfies (keyof WorkerCode)[]);
const runtimeModule = "cloudflare:workers";
const runtimeFile = "workers.js";
let guest: string | undefined;

/** Throws `worker_invalid` and `snippet_syntax`. */
export function prepareWorker(worker: WorkerCode, limits: WorkerLimits): PreparedWorker {
  for (const key of Object.keys(worker)) if (!known.has(key)) throw unknownKey(key);
  const entries = Object.entries(worker.modules);
  const files = new Map(entries.map(([name], at) => [name, `worker-${at}.js`]));
  const main = files.get(worker.mainModule);
  if (main === undefined)
    throw invalid(`mainModule "${worker.mainModule}" is none of modules.`, "Name one of its keys.");
  files.set(runtimeModule, runtimeFile);
  const bindings = readEnv(worker.env ?? {}, limits);
  const outbound = (worker.globalOutbound ?? null) !== null;
  const settings = JSON.stringify({ functions: bindings.paths, outbound });
  const modules: { [file: string]: string } = {
    "loader.js": (guest ??= linkGuest(new URL("./guest/main", import.meta.url))),
    [runtimeFile]: 'export { WorkerEntrypoint, env } from "loader.js";',
    "settings.js": `import { install } from "loader.js";
install({ ...JSON.parse(${JSON.stringify(settings)}), values: JSON.parse(${JSON.stringify(bindings.values)}) });`,
  };
  let bytes = 0;
  for (const [name, module] of entries) {
    const text = moduleToText(name, module);
    bytes += Buffer.byteLength(text);
    if (bytes > limits.codeBytes)
      throw invalid(
        `The modules have more than ${limits.codeBytes} bytes together.`,
        "Load less, or raise limits.codeBytes.",
      );
    const file = files.get(name) ?? "";
    modules[file] = isScript(module) ? rewriteImports(stripModule(name, text), { name, files }) : text;
  }
  return {
    code: `import "settings.js";
import { serve } from "loader.js";
import * as worker from ${JSON.stringify(main)};
export default () => serve(worker);`,
    modules,
    bindings,
    nameModules: (text) =>
      text.replaceAll(/\bworker-(\d+)\.js\b/g, (file, at) => entries[Number(at)]?.[0] ?? file),
  };
}

function isScript(module: WorkerModule): boolean {
  return typeof module === "string" || "js" in module;
}

function moduleToText(name: string, module: unknown): string {
  if (typeof module === "string") {
    if (/\.m?[jt]s$/.test(name)) return module;
    throw invalid(
      `The module "${name}" is a text, and its name ends in none of .js, .mjs, .ts and .mts.`,
      "Say what it is: { js }, { json }, { text } or { data }.",
    );
  }
  if (typeof module === "object" && module !== null) {
    const [kind, ...others] = Object.keys(module);
    const content: unknown = kind === undefined ? undefined : Reflect.get(module, kind);
    if (others.length === 0) {
      if (kind === "js" && typeof content === "string") return content;
      if (kind === "text" && typeof content === "string") return `export default ${JSON.stringify(content)};`;
      if (kind === "json") return `export default JSON.parse(${JSON.stringify(toJson(name, content))});`;
      if (kind === "data" && (content instanceof ArrayBuffer || content instanceof Uint8Array))
        return dataToText(content);
    }
  }
  throw invalid(
    `The module "${name}" is neither a text nor one of { js }, { json }, { text } and { data }.`,
    "CommonJS, Python and WebAssembly modules are not supported: bundle to ES modules first.",
  );
}

function toJson(name: string, content: unknown): string {
  try {
    const text: unknown = JSON.stringify(content);
    if (typeof text === "string") return text;
  } catch {
    // Said below.
  }
  throw invalid(`The module "${name}" holds no JSON.`, "Give plain data.");
}

function dataToText(data: ArrayBuffer | Uint8Array): string {
  const bytes =
    data instanceof Uint8Array ? Buffer.from(data.buffer, data.byteOffset, data.length) : Buffer.from(data);
  return `export default Uint8Array.from(atob("${bytes.toString("base64")}"), (each) => each.charCodeAt(0)).buffer;`;
}

function stripModule(name: string, text: string): string {
  if (!/\.m?ts$/.test(name)) return text;
  try {
    return stripTypes(text);
  } catch (thrown) {
    if (!(thrown instanceof CodemodeError)) throw thrown;
    const { code, message, hint, line, column } = thrown;
    throw new CodemodeError(code, `In ${name}: ${message}`, {
      ...(hint !== undefined && { hint }),
      ...(line !== undefined && { line }),
      ...(column !== undefined && { column }),
    });
  }
}

function unknownKey(key: string): CodemodeError {
  const hint =
    key === "compatibilityFlags"
      ? "A loaded worker has no modules of Node.js, and flags cannot be set."
      : `Known are ${[...known].join(", ")}.`;
  return invalid(`A worker's code has no "${key.slice(0, 100)}".`, hint);
}

function invalid(message: string, hint: string): CodemodeError {
  return new CodemodeError("worker_invalid", message, { hint });
}
