/**
 * A client whose methods are the tools: each call is a run of its own, through a Code Mode server over HTTP or
 * a `Codemode` in the same process, with its policy and its record. Depends on nothing but `fetch`.
 */
import type { CallOptions, Client, ClientOptions, InProcessCodemode, RunOutcome } from "./client-types.ts";
import { createToolsProxy } from "./create-tools-proxy.ts";
import { documentToResult } from "./document-to-result.ts";
import { CodemodeError } from "../errors.ts";
import { printMarked } from "../json/print-exact.ts";
import { createMcpEndpoint } from "./mcp-endpoint.ts";

export type { CallOptions, Client, ClientOptions, InProcessCodemode, RunOutcome } from "./client-types.ts";
export { CodemodeError } from "../errors.ts";

/** What is known of tools without their declarations. */
// oxlint-disable-next-line typescript/no-explicit-any -- the types of tools that nobody has declared
type UntypedTools = { readonly [source: string]: any };

type Begin = (
  args: { readonly code: string } | { readonly resume: string },
  options: CallOptions,
) => Promise<RunOutcome>;

/** `Tools` is what `codemode types --out` writes; generated packages bring their own. */
export function createClient<Tools = UntypedTools>(options: ClientOptions): Client<Tools> {
  const begin: Begin = "codemode" in options ? inProcess(options.codemode) : createMcpEndpoint(options);

  /** A server answers before its clients lose patience; the run goes on and is waited for again. */
  async function run(args: Parameters<Begin>[0], given: CallOptions = {}): Promise<unknown> {
    let document = await begin(args, given);
    while (document.status === "running" || document.status === "queued")
      document = await begin({ resume: document.runId }, given);
    return documentToResult(document);
  }

  const call: Client<Tools>["call"] = async (path, args = {}, given = {}) =>
    run({ code: toCallProgram(path, args) }, given);
  return {
    tools: createToolsProxy((path, args) => call(path, args)) as Tools,
    call,
    execute: (code, given) => run({ code }, given),
    resume: (runId, given) => run({ resume: runId }, given),
  };
}

function inProcess(codemode: InProcessCodemode): Begin {
  return async (args, options) => {
    const { document } = await ("code" in args
      ? codemode.execute({ ...options, code: args.code })
      : codemode.resume({ ...options, runId: args.resume }));
    return document;
  };
}

function printArguments(args: unknown): ReturnType<typeof printMarked> {
  try {
    return printMarked(args);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new CodemodeError("tool_arguments_invalid", thrown.message, { cause: thrown });
  }
}

/**
 * A program that makes one call. Parsed from a string: in a literal the key "__proto__" would set the prototype, and what
 * is parsed there loses the digits of large integers, which are bigints.
 */
function toCallProgram(path: string, args: unknown): string {
  const access = path
    .replace(/^tools\./, "")
    .split(".")
    .map((segment) => `[${JSON.stringify(segment)}]`)
    .join("");
  const { text, mark } = printArguments(args);
  const revive =
    mark === undefined
      ? ""
      : `, (_key: string, each: any) => typeof each === "string" && each.startsWith("${mark}") ? BigInt(each.slice(${mark.length})) : each`;
  return `return await tools${access}(JSON.parse(${JSON.stringify(text)}${revive}))`;
}
