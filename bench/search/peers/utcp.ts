/** The default search of @utcp/code-mode: the SDK's own strategy object, run over a repository in memory. */
import { InMemConcurrentToolRepository, TagSearchStrategy } from "@utcp/sdk";
import type { Peer } from "./peer.ts";

export const utcp: Peer = {
  name: "@utcp/code-mode",
  origin: "@utcp/sdk's TagSearchStrategy, as installed",
  build: async (tools) => {
    const repository = new InMemConcurrentToolRepository();
    const named = tools.map((tool) => ({
      name: `${tool.group || "tools"}.${tool.name}`,
      description: tool.description,
      inputs: {},
      outputs: {},
      tags: [],
      tool_call_template: { call_template_type: "text" },
    }));
    const byName = new Map(named.map((tool, at) => [tool.name, tools[at]?.name ?? ""]));
    await repository.saveManual(
      { name: "all", call_template_type: "text" },
      { utcp_version: "1.0.0", manual_version: "1", tools: named },
    );
    const strategy = new TagSearchStrategy({
      tool_search_strategy_type: "tag_and_description_word_match",
      description_weight: 1,
      tag_weight: 3,
    });
    return async (query) =>
      (await strategy.searchTools(repository, query, 10)).map((tool) => byName.get(tool.name) ?? tool.name);
  },
};
