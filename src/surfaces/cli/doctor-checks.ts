/**
 * The single checks of `codemode doctor`. Each answers with what it found, in words for a person.
 */
import { randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { estimateTokens } from "../../estimate-tokens.ts";
import type { Codemode, SourceOverview } from "../../spec/codemode.ts";
import { CodemodeError } from "../../errors.ts";
import { toPolicy } from "../../policy/to-policy.ts";
import { surfaceCost } from "../../search/surface-cost.ts";
import type { Catalog } from "../../spec/tool.ts";
import { toolToSignature } from "../../typegen/tool-to-signature.ts";
import { executeTool, searchTool } from "../mcp/tool-definitions.ts";
import type { Journal } from "../../spec/journal.ts";
import type { Config } from "./config/config-schema.ts";

export interface DoctorCheck {
  readonly name: string;
  readonly ok: boolean;
  /** One line, or more for those who want to know. */
  readonly detail: string;
}

export function checkNode(): DoctorCheck {
  return {
    name: "node",
    ok: true,
    detail: `${process.versions.node} on ${process.platform} ${process.arch}`,
  };
}

export async function checkStateFolder(folder: string): Promise<DoctorCheck> {
  const probe = join(folder, `probe-${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(probe, "");
    await rm(probe);
    return { name: "state", ok: true, detail: folder };
  } catch (thrown) {
    return {
      name: "state",
      ok: false,
      detail: `${folder} cannot be written: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    };
  }
}

/** Writes to the store of runs and takes it away again: a full or read-only one is found here, and not by a run. */
export async function checkStore(journal: Journal, file: string): Promise<DoctorCheck> {
  await using store = journal;
  await store.probe();
  return { name: "store", ok: true, detail: file };
}

/** `reason`: why it is this engine. */
export async function checkEngine(codemode: Codemode, reason: string): Promise<DoctorCheck> {
  const { engine, build, level, means, missing } = await codemode.engine();
  const lines = [
    `${engine} (${build}), isolation "${level}"`,
    `why ${engine}: ${reason}`,
    ...Object.entries(means).map(([limit, how]) => `${limit}: ${how}`),
    ...missing.map((sentence) => `missing: ${sentence}`),
  ];
  return { name: "sandbox", ok: true, detail: lines.join("\n") };
}

export async function checkRun(codemode: Codemode): Promise<DoctorCheck> {
  const { document } = await codemode.execute({ code: "return 6 * 7" });
  const { status, error, timings } = document;
  if (status === "completed")
    return { name: "run", ok: true, detail: `a snippet ran in ${timings.totalMs.toFixed(1)} ms` };
  return { name: "run", ok: false, detail: error === undefined ? status : `${error.code}: ${error.message}` };
}

export async function checkTypes(codemode: Codemode, mode: Config["check"]): Promise<DoctorCheck> {
  if (mode === "off") return { name: "types", ok: true, detail: 'switched off by "check": "off"' };
  const started = performance.now();
  const diagnostics = await codemode.check("const answer: number = 'text';\nreturn answer;");
  const ms = (performance.now() - started).toFixed(0);
  return diagnostics.length > 0
    ? { name: "types", ok: true, detail: `snippets are type-checked; the first check took ${ms} ms` }
    : { name: "types", ok: false, detail: "a wrong snippet was not noticed" };
}

export function checkSources(sources: readonly SourceOverview[]): DoctorCheck[] {
  return sources.map(({ name, status, tools, issues }) => {
    const ok = status.state !== "failed" && status.state !== "closed";
    const counts = (["left_out", "repaired", "renamed"] as const).flatMap((kind) => {
      const count = issues.filter((issue) => issue.kind === kind).length;
      return count === 0 ? [] : [`${count} ${kind.replace("_", " ")}`];
    });
    const head = ok
      ? [`${status.state}, ${tools} tools`, ...counts].join(", ")
      : (status.reason ?? status.state);
    const told = issues.map(
      (issue) => `${issue.kind.replace("_", " ")} ${issue.upstreamName}: ${issue.reason}`,
    );
    return { name: `source ${name}`, ok, detail: [head, ...(status.details ?? []), ...told].join("\n") };
  });
}

/** What the policy says to a first call of each tool, arguments unknown. */
export function checkPolicy(policy: Config["policy"] = "ask-writes", { tools }: Catalog): DoctorCheck {
  const decide = toPolicy(policy);
  const run = { id: "doctor", made: { read: 0, write: 0, destructive: 0 }, times: [], labels: [] };
  const answers = [...tools.values()].map((tool) => ({
    unstated: tool.effect !== "read" && tool.effectOrigin === "default" && tool.stated === undefined,
    decision: decide({ tool, args: {}, principal: "local", run, now: Date.now() }).decision,
  }));
  const count = (decision: string): number => answers.filter((answer) => answer.decision === decision).length;
  const unstated = answers.filter((answer) => answer.unstated && answer.decision !== "allow").length;
  const name = typeof policy === "string" ? policy : `${policy.preset} with ${policy.rules.length} rules`;
  const lines = [
    `${name}: of ${answers.length} tools ${count("allow")} are allowed, ${count("ask")} ask a person, ${count("deny")} are refused`,
  ];
  if (unstated > 0) {
    lines.push(
      `${unstated} of those not allowed count as writes only because nobody says what they do; see sources.<name>.unstated`,
    );
  }

  return { name: "policy", ok: true, detail: lines.join("\n") };
}

/** What a model's context costs until its first call, against the same tools given one by one. */
export function checkSurface(catalog: Catalog, mode: Config["surface"] = "auto"): DoctorCheck {
  const sources = new Map(catalog.sources.map((source) => [source.name, source]));
  const { search, inline, native, cheapest } = surfaceCost(catalog, {
    searchDefinitions: estimateTokens(JSON.stringify([searchTool, executeTool])),
    executeDefinition: estimateTokens(JSON.stringify(executeTool)),
    signature: (tool, budget) => {
      const source = sources.get(tool.source);
      if (source === undefined)
        throw new CodemodeError("internal", `The catalog has no source "${tool.source}".`);
      return toolToSignature(tool, source, budget);
    },
  });
  const inlined = mode !== "search" && inline !== undefined;
  const advice = cheapest === "native" ? ["So small a fleet costs less given to the model directly."] : [];
  const head = inlined
    ? `every signature is in the description of execute, about ${inline} tokens`
    : `search and execute, about ${search} tokens with one search`;
  return {
    name: "surface",
    ok: true,
    detail: [`${head}; the same tools one by one about ${native}`, ...advice].join("\n"),
  };
}
