/**
 * The check of `codemode doctor` for what MCP clients are shown natively beside `search` and `execute`.
 */
import type { Catalog } from "../../spec/tool.ts";
import { isCodeMode } from "../mcp/is-code-mode.ts";
import { toNativeTools } from "../mcp/native-tools.ts";
import { executeTool, searchTool } from "../mcp/tool-definitions.ts";
import type { DoctorCheck } from "./doctor-checks.ts";

/** Nothing where nothing is shown. */
export function checkPassthrough(catalog: Catalog, chosen: readonly string[] = []): DoctorCheck[] {
  const taken = new Set([searchTool.name, executeTool.name]);
  const { byName } = toNativeTools(catalog, { chosen, taken });
  const nested = catalog.sources.filter(isCodeMode).map(({ name }) => name);
  if (byName.size === 0 && chosen.length === 0) return [];
  const idle = chosen.filter((glob) => toNativeTools(catalog, { chosen: [glob], taken }).byName.size === 0);
  const lines = [
    `${byName.size} tools beside search and execute: ${[...byName.keys()].slice(0, 20).join(", ")}`,
    ...nested.map((name) => `${name} is a Code Mode server itself: its tools are shown as they are`),
    ...idle.map((glob) => `${glob} fits no tool`),
  ];
  return [{ name: "passthrough", ok: idle.length === 0, detail: lines.join("\n") }];
}
