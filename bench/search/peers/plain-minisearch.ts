/** MiniSearch as its README shows it: fields, prefix and fuzzy matching, the name boosted. */
import MiniSearch from "minisearch";
import { parameterNames, type Peer } from "./peer.ts";

export const plainMinisearch: Peer = minisearch("minisearch", {
  prefix: true,
  fuzzy: 0.2,
  boost: { name: 2 },
});
export const exactMinisearch: Peer = minisearch("minisearch, whole words only", { boost: { name: 2 } });

function minisearch(
  name: string,
  searchOptions: ConstructorParameters<typeof MiniSearch>[0]["searchOptions"],
): Peer {
  return {
    name,
    origin: "minisearch 7.2.0",
    build: async (tools) => {
      const index = new MiniSearch({
        fields: ["name", "group", "description", "parameters"],
        ...(searchOptions ? { searchOptions } : {}),
      });
      index.addAll(
        tools.map((tool, id) => ({
          id,
          name: splitCase(tool.name),
          group: splitCase(tool.group),
          description: tool.description,
          parameters: splitCase(parameterNames(tool).join(" ")),
        })),
      );
      return async (query) =>
        index
          .search(query)
          .slice(0, 10)
          .map((hit) => tools[Number(hit.id)]?.name ?? "");
    },
  };
}

function splitCase(text: string): string {
  return text.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").replaceAll("_", " ");
}
