/**
 * Text of an API description, JSON or YAML, to a plain record, within limits. What the record means is left
 * to others.
 */
import { parseDocument as parseYaml } from "yaml";
import { CodemodeError } from "../../errors.ts";
import { isRecord } from "../../schema/is-record.ts";
import { isDeeperThan } from "./parse-json.ts";

export type JsonRecord = { readonly [key: string]: unknown };

/** Characters of a document in JSON; the largest known public one has some 20 million. */
export const maxJsonLength = 64 * 2 ** 20;
/** YAML takes some fifty times as long to parse. */
export const maxYamlLength = 16 * 2 ** 20;
/** Levels of brackets; a deep public document has some forty. */
const maxNesting = 1_000;
/** How many nodes aliases may stand for in all before a document counts as an attack. */
const maxAliasCount = 2_000;

/** Throws `source_invalid`, saying where the text stops making sense. */
export function parseDocument(text: string): JsonRecord {
  const trimmed = text.replace(/^\uFEFF/, "").trimStart();
  const parsed = trimmed.startsWith("{") ? fromJson(trimmed) : fromYaml(trimmed);
  if (isRecord(parsed)) return parsed;
  throw new CodemodeError("source_invalid", "The API description is not an object.", {
    hint: "Give an OpenAPI 3.x or Swagger 2.0 document as JSON or YAML.",
  });
}

function fromJson(text: string): unknown {
  checkLength(text, maxJsonLength, "JSON");
  if (isDeeperThan(text, maxNesting)) {
    throw new CodemodeError(
      "source_invalid",
      `The API description is nested deeper than ${maxNesting} levels.`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    // A flow mapping in YAML opens with a brace too.
    if (text.length <= maxYamlLength && !/^\{\s*["}]/.test(text)) return fromYaml(text);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodemodeError("source_invalid", `The API description is not valid JSON: ${reason}`, { cause });
  }
}

function fromYaml(text: string): unknown {
  checkLength(text, maxYamlLength, "YAML");
  try {
    const document = parseYaml(text, {
      merge: true,
      logLevel: "silent",
      stringKeys: true,
      prettyErrors: true,
    });
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS({ maxAliasCount });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new CodemodeError("source_invalid", `The API description is not valid YAML: ${reason}`, { cause });
  }
}

function checkLength(text: string, limit: number, kind: string): void {
  if (text.length <= limit) return;
  throw new CodemodeError(
    "source_invalid",
    `The API description has ${text.length} characters of ${kind}; at most ${limit} are read.`,
    {
      hint:
        kind === "YAML" ? "Give it as JSON, which may be larger." : "Cut it down to the operations in use.",
    },
  );
}
