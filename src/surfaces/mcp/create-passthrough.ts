/**
 * What stands natively beside `search` and `execute`: chosen tools, resources and prompts of their sources, and sources
 * that are Code Mode servers themselves. Classic service is the same with everything chosen and without the two.
 */
import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import type { CallToolResult, InputRequiredResult, Server, Tool } from "@modelcontextprotocol/server";
import type { Catalog, Codemode } from "../../index.ts";
import { toCodemodeError } from "../../errors.ts";
import { callNative, type NativeCall } from "./call-native.ts";
import { createNativeFeatures, type NativeFeatures } from "./native-features.ts";
import { toNativeTools, type NativeTools } from "./native-tools.ts";
import { executeTool, searchTool } from "./tool-definitions.ts";

export interface PassthroughOptions {
  /** Globs over `source.tool`. */
  readonly chosen?: readonly string[] | undefined;
  /** Everything natively, and no `search` and `execute`. Default false. */
  readonly classic?: boolean | undefined;
  readonly principal?: string | undefined;
}

export interface Passthrough {
  readonly classic: boolean;
  /** Absent where no source is chosen. */
  readonly features?: NativeFeatures;
  /** Whether `search` and `execute` are meant. */
  isOwn(name: string): boolean;
  tools(): Promise<readonly Tool[]>;
  /** `undefined` when the name is none of these. */
  call(
    name: string,
    request: Omit<NativeCall, "tool">,
  ): Promise<CallToolResult | InputRequiredResult | undefined>;
}

const own = new Set([searchTool.name, executeTool.name]);
/** Servers are made for each request, and all of them over one catalog. */
const known = new WeakMap<Catalog, Map<string, NativeTools>>();
/** Milliseconds for sources of which nothing is known yet; clients are told when they have come. */
const patienceMs = 5_000;
/** The same where only sources that are Code Mode servers would be shown. */
const briefMs = 100;

export function createPassthrough(
  codemode: Codemode,
  { chosen = [], classic = false, principal }: PassthroughOptions,
): Passthrough {
  const options = { chosen: classic ? ["*"] : chosen, taken: classic ? new Set<string>() : own };
  const key = JSON.stringify(options.chosen);

  async function native(): Promise<NativeTools> {
    const catalog = await catalogWithin(codemode, options.chosen.length === 0 ? briefMs : patienceMs);
    if (catalog === undefined) return { definitions: [], byName: new Map(), sources: new Set() };
    const found = known.get(catalog)?.get(key) ?? toNativeTools(catalog, options);
    known.set(catalog, (known.get(catalog) ?? new Map<string, NativeTools>()).set(key, found));
    return found;
  }

  return {
    classic,
    isOwn: (name) => !classic && own.has(name),
    ...(options.chosen.length === 0
      ? {}
      : {
          features: createNativeFeatures(codemode, {
            sources: async () => [...(await native()).sources],
            principal,
          }),
        }),
    tools: async () => (await native()).definitions,
    call: async (name, request) => {
      const tool = (await native()).byName.get(name);
      if (tool === undefined) return undefined;
      try {
        return await callNative(codemode, { ...request, tool });
      } catch (thrown) {
        const { code, message } = toCodemodeError(thrown);
        if (code !== "approval_state_invalid") throw thrown;
        // Of `search` and `execute` the model is told what to do; this is the client's own mistake.
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
      }
    },
  };
}

async function catalogWithin(codemode: Codemode, ms: number): Promise<Catalog | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([codemode.catalog(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resources of the chosen sources; prompts are answered together with saved snippets. */
export function offerResources(server: Server, features: NativeFeatures): void {
  server.setRequestHandler("resources/list", async (_request, { mcpReq }) => ({
    resources: await features.resources(mcpReq.signal),
  }));
  server.setRequestHandler("resources/templates/list", () => ({ resourceTemplates: [] }));
  server.setRequestHandler("resources/read", ({ params }, { mcpReq }) =>
    features.readResource(params.uri, mcpReq.signal),
  );
}
