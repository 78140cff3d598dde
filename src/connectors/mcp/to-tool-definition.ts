/**
 * Makes a tool of what a server sent for one, or says why it cannot. Whatever is wrong with one tool is
 * mended or costs that tool alone. Safe names are the catalog's work.
 */
import { isRecord } from "../../schema/is-record.ts";
import type { Effect, ToolDefinition, ToolIssue } from "../../spec/tool.ts";
import { headerFault } from "./header-fault.ts";
import { repairInputSchema, repairSchema } from "./repair-schema.ts";

interface ToolBounds {
  readonly trusted: boolean;
  /** Bytes that a definition may have as JSON. */
  readonly toolBytes: number;
  /** Names a tool that has no name. */
  readonly position: number;
}

interface ReadTool {
  readonly tool?: ToolDefinition;
  /** Bytes of the definition as JSON. */
  readonly size: number;
  readonly reasons: readonly ToolIssue[];
}

const maxName = 512;

export function toToolDefinition(raw: unknown, { trusted, toolBytes, position }: ToolBounds): ReadTool {
  const unnamed = `(tool ${position})`;
  if (!isRecord(raw)) return leftOut(unnamed, "it is no object");
  const size = jsonSize(raw);
  const { name } = raw;
  if (typeof name !== "string" || name.trim() === "") return leftOut(unnamed, "it has no name", size);
  if (name.length > maxName)
    return leftOut(`${name.slice(0, 100)}…`, `its name is longer than ${maxName} characters`, size);
  if (size > toolBytes)
    return leftOut(name, `its definition takes ${size} bytes, more than ${toolBytes}`, size);
  const fault = headerFault(raw["inputSchema"]);
  if (fault !== undefined) return leftOut(name, fault, size);
  const input = repairInputSchema(raw["inputSchema"]);
  const output = repairOutput(raw["outputSchema"]);
  const title = firstText(
    raw["title"],
    isRecord(raw["annotations"]) ? raw["annotations"]["title"] : undefined,
  );
  const description = firstText(raw["description"]);
  const stated = toEffect(raw["annotations"]);
  // A tool that only says that it writes says what is taken for granted anyway.
  const effect = trusted && stated !== "write" ? stated : undefined;
  const reasons = [...input.reasons, ...output.reasons];
  if (raw["description"] !== undefined && raw["description"] !== null && description === undefined) {
    reasons.push("its description is no text: left away");
  }
  return {
    tool: {
      upstreamName: name,
      name: [name],
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
      input: input.schema,
      ...(output.schema === undefined ? {} : { output: output.schema }),
      ...(effect === undefined ? {} : { effect }),
      ...(stated === undefined ? {} : { stated }),
      raw,
    },
    size,
    reasons: reasons.map((reason) => ({ upstreamName: name, kind: "repaired", reason })),
  };
}

/** Both hints at once are taken at the worse. To deny either is to say that it writes. */
function toEffect(annotations: unknown): Effect | undefined {
  if (!isRecord(annotations)) return undefined;
  const { readOnlyHint, destructiveHint } = annotations;
  if (destructiveHint === true) return "destructive";
  if (readOnlyHint === true) return "read";
  return readOnlyHint === false || destructiveHint === false ? "write" : undefined;
}

function repairOutput(raw: unknown): {
  schema?: ReturnType<typeof repairSchema>["schema"];
  reasons: readonly string[];
} {
  if (raw === undefined || raw === null) return { reasons: [] };
  if (!isRecord(raw)) return { reasons: ["its output schema is no schema: left away"] };
  const { schema, reasons } = repairSchema(raw);
  return { schema, reasons: reasons.map((reason) => `output: ${reason}`) };
}

function firstText(...candidates: readonly unknown[]): string | undefined {
  return candidates.find((text): text is string => typeof text === "string" && text !== "");
}

/** Bytes as JSON; endless for what JSON cannot nest. */
function jsonSize(raw: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(raw));
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function leftOut(upstreamName: string, reason: string, size = 0): ReadTool {
  return { size, reasons: [{ upstreamName, kind: "left_out", reason }] };
}
