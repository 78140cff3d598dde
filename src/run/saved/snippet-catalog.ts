/**
 * Saved snippets as search sees them: one more source in the catalog of whoever searches, each snippet an entry of it
 * that is called by `codemode.run`. No tool of that source exists; dispatch has a catalog without it.
 */
import { createHash } from "node:crypto";
import { estimateTokens } from "../../estimate-tokens.ts";
import { snippetSource } from "../../spec/search.ts";
import type { Catalog, CatalogSource, Effect, Tool } from "../../spec/tool.ts";
import type { ListedSnippet, SavedSnippet, SnippetStore } from "../../spec/workspace.ts";
import { workspaceOf } from "./create-saved-snippets.ts";

export interface SnippetCatalog {
  /** The catalog with the principal's snippets in it; the catalog itself where there are none. */
  extend(catalog: Catalog, principal: string | undefined): Promise<Catalog>;
  /** The source that an entry of `extend` belongs to; nothing for a tool. */
  sourceOf(tool: Tool): CatalogSource | undefined;
  /** Full text on the snippet that the path or name means; nothing when there is none. */
  describe(path: string, principal: string | undefined): Promise<string | undefined>;
}

const strength: readonly Effect[] = ["read", "write", "destructive"];
const maxCodeTokens = 1_500;

export function createSnippetCatalog(store: SnippetStore): SnippetCatalog {
  /** By catalog, then by what the snippets are: extended once for all searches that see the same. */
  const extended = new WeakMap<Catalog, Map<string, Catalog>>();
  const sources = new WeakMap<Tool, CatalogSource>();

  function build(catalog: Catalog, snippets: readonly ListedSnippet[], key: string): Catalog {
    const tools = snippets.map((snippet) => snippetToTool(snippet, catalog));
    const source: CatalogSource = {
      name: snippetSource,
      title: 'Saved snippets: codemode.run("name", input)',
      definitions: {},
      tools,
      issues: [],
    };
    for (const tool of tools) sources.set(tool, source);
    return {
      ...catalog,
      version: `${catalog.version}-${key}`,
      sources: [...catalog.sources, source],
      tools: new Map([...catalog.tools, ...tools.map((tool) => [tool.path, tool] as const)]),
    };
  }

  return {
    async extend(catalog, principal) {
      const listed = await store.list(workspaceOf(principal));
      const accepted = listed.filter((each) => each.status === "accepted");
      if (accepted.length === 0) return catalog;
      const key = keyOf(accepted);
      const known = extended.get(catalog) ?? new Map<string, Catalog>();
      extended.set(catalog, known);
      const made = known.get(key) ?? build(catalog, accepted, key);
      known.set(key, made);
      return made;
    },
    sourceOf: (tool) => sources.get(tool),
    async describe(path, principal) {
      const name = path.startsWith(`${snippetSource}.`) ? path.slice(snippetSource.length + 1) : path;
      const found = await store.find(workspaceOf(principal), name);
      return found === undefined ? undefined : describeSnippet(found);
    },
  };
}

function keyOf(snippets: readonly SavedSnippet[]): string {
  const hash = createHash("sha256");
  for (const { name, hash: content } of snippets) hash.update(`${name} ${content}\n`);
  return hash.digest("hex").slice(0, 16);
}

function snippetToTool(snippet: ListedSnippet, catalog: Catalog): Tool {
  const { name, description, input, hash, tools } = snippet;
  const effects = tools.map(({ path }) => strength.indexOf(catalog.tools.get(path)?.effect ?? "write"));
  return {
    path: `${snippetSource}.${name}`,
    source: snippetSource,
    segments: [name],
    upstreamName: name,
    description,
    input: input ?? { type: "object" },
    effect: strength[Math.max(0, ...effects)] ?? "write",
    effectOrigin: "default",
    tags: ["saved", "snippet"],
    deprecated: false,
    hash,
  };
}

function describeSnippet({ name, version, description, input, tools, code }: SavedSnippet): string {
  const cut = estimateTokens(code) > maxCodeTokens;
  return [
    `codemode.run(${JSON.stringify(name)}, input): saved snippet, version ${version}`,
    description,
    `Input: ${input === undefined ? "anything" : JSON.stringify(input)}`,
    ...(tools.length === 0 ? [] : [`Calls: ${tools.map(({ path }) => `tools.${path}`).join(", ")}`]),
    cut ? `${code.slice(0, maxCodeTokens * 3)}\n… ${code.length} characters in all` : code,
  ].join("\n");
}
