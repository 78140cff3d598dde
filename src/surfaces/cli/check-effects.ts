/**
 * The check of `codemode doctor` for every place where the configuration asks for less care than a source does: tools
 * that count as doing less than their source says, and what their source calls destructive let through unasked.
 */
import { isLaxer } from "../../catalog/to-effect.ts";
import { toIdentifier } from "../../catalog/to-identifier.ts";
import { matchGlob } from "../../match-glob.ts";
import type { PolicyRule } from "../../policy/policy-rules.ts";
import type { Catalog, Tool } from "../../spec/tool.ts";
import { formatField } from "./config/config-problems.ts";
import { formatPosition } from "./config/config-text.ts";
import type { FieldPath } from "./config/config-text.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import type { DoctorCheck } from "./doctor-checks.ts";
import { proposeEffects } from "./propose-effects.ts";

type Configured = Pick<LoadedConfig, "config" | "text">;

/** The text names every tool: what is let through must not hide behind a count. */
export function checkEffects(catalog: Catalog, loaded: Configured): DoctorCheck {
  const places = new Map<string, string[]>();
  const note = (path: FieldPath, what: string): void => {
    const { line, column } = loaded.text.positionOf(path, "key");
    const place = `${formatField(path)} (${formatPosition(loaded.text.file, { line, column })})`;
    places.set(place, [...(places.get(place) ?? []), what]);
  };
  for (const tool of catalog.tools.values()) {
    const { stated, effect, path } = tool;
    if (stated === undefined) continue;
    const place = placeOfEffect(tool, loaded);
    if (isLaxer(effect, stated)) note(place, `${path} counts as ${effect}, its source says ${stated}`);
    else if (stated === "destructive")
      for (const each of letThrough(tool, loaded))
        note(each, `${path} is not asked about, its source says destructive`);
  }
  const lines = [...places].flatMap(([place, what]) => [`${place}:`, ...what.map((each) => `  ${each}`)]);
  const head =
    lines.length === 0
      ? "nothing here is laxer than what the sources say of their tools"
      : `the configuration is laxer than the sources in ${places.size} ${places.size === 1 ? "place" : "places"}`;
  const proposals = catalog.sources.flatMap((source) => {
    const proposed = proposeEffects(source.tools);
    if (Object.keys(proposed).length === 0) return [];
    const field = formatField(["sources", nameOf(source.name, loaded), "unstated"]);
    return [`by their names these read; look, then add ${field}: ${JSON.stringify(proposed)}`];
  });
  return { name: "effects", ok: true, detail: [head, ...lines, ...proposals].join("\n") };
}

/** As the configuration calls a source; in the catalog it has an identifier. */
function nameOf(source: string, { config }: Configured): string {
  const { mcpServers, openapi, utcp } = config;
  const names = [mcpServers, openapi, utcp].flatMap((table) => Object.keys(table ?? {}));
  return names.find((name) => toIdentifier(name) === source) ?? source;
}

function placeOfEffect({ source, upstreamName, segments }: Tool, loaded: Configured): FieldPath {
  const name = nameOf(source, loaded);
  const effects = loaded.config.sources?.[name]?.effects ?? {};
  const names = [upstreamName, segments.join(".")];
  const glob = Object.keys(effects).find((each) => names.some((known) => matchGlob(each, known)));
  return ["sources", name, "effects", ...(glob === undefined ? [] : [glob])];
}

/** Every allowing rule that could fit the tool, whatever else it looks at, up to the first that surely asks or refuses. */
function letThrough(tool: Tool, { config: { policy = "ask-writes" } }: Configured): FieldPath[] {
  const { preset, rules } = typeof policy === "string" ? { preset: policy, rules: [] } : policy;
  const places: FieldPath[] = [];
  for (const [at, rule] of rules.entries()) {
    if (!couldFit(rule, tool)) continue;
    if (rule.decision === "allow") places.push(["policy", "rules", at]);
    if (isUnconditional(rule)) return places;
  }
  return preset === "allow-all" ? [...places, ["policy"]] : places;
}

function couldFit({ path, source, effect }: PolicyRule, tool: Tool): boolean {
  const fits = (globs: string | readonly string[] | undefined, name: string): boolean =>
    globs === undefined || [globs].flat().some((glob) => matchGlob(glob, name));
  return (
    fits(path, tool.path) &&
    fits(source, tool.source) &&
    (effect === undefined || [effect].flat().includes(tool.effect))
  );
}

function isUnconditional(rule: PolicyRule): boolean {
  return (
    rule.arguments === undefined &&
    rule.time === undefined &&
    rule.after === undefined &&
    rule.principal === undefined
  );
}
