/**
 * Walks the paths of an API description, of any version, and yields each operation as a model, or the
 * reason why there is none.
 */
import { isRecord } from "../../schema/is-record.ts";
import type { ToolIssue } from "../../spec/tool.ts";
import { follow } from "./document-refs.ts";
import type { OperationModel } from "./operation-model.ts";
import type { JsonRecord } from "./parse-document.ts";
import { readOpenApiOperation } from "./read-openapi-operation.ts";
import { readSwaggerOperation } from "./read-swagger-operation.ts";

/** One operation where it stands in its document. */
export interface OperationPlace {
  readonly root: JsonRecord;
  readonly method: string;
  readonly path: string;
  readonly operation: JsonRecord;
  readonly pathItem: JsonRecord;
}

export interface ReadOperations {
  readonly models: readonly OperationModel[];
  readonly issues: readonly ToolIssue[];
}

/** As many as the catalog is built for. */
export const maxOperations = 20_000;

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

export function readOperations(root: JsonRecord, isSwagger: boolean): ReadOperations {
  const models: OperationModel[] = [];
  const issues: ToolIssue[] = [];
  const paths = isRecord(root["paths"]) ? root["paths"] : {};
  let beyond = 0;
  for (const place of places(root, paths, issues)) {
    if (models.length >= maxOperations) {
      beyond += 1;
      continue;
    }
    try {
      models.push(isSwagger ? readSwaggerOperation(place) : readOpenApiOperation(place));
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      issues.push({ upstreamName: `${place.method} ${place.path}`, kind: "left_out", reason });
    }
  }
  if (beyond > 0) {
    const reason = `${beyond} operations beyond the first ${maxOperations} are left out.`;
    issues.push({ upstreamName: "*", kind: "left_out", reason });
  }
  return { models, issues };
}

function* places(root: JsonRecord, paths: JsonRecord, issues: ToolIssue[]): Generator<OperationPlace> {
  for (const [path, entry] of Object.entries(paths)) {
    if (path.startsWith("x-")) continue;
    const leaveOut = (reason: string): number =>
      issues.push({ upstreamName: path, kind: "left_out", reason });
    const followed = follow(root, entry);
    if ("problem" in followed) {
      leaveOut(`The path item cannot be read: ${followed.problem}.`);
      continue;
    }
    if (!path.startsWith("/")) {
      leaveOut("The path does not start with a slash.");
      continue;
    }
    const pathItem = isRecord(entry) ? { ...followed.value, ...entry } : followed.value;
    for (const [method, operation] of operationsOf(pathItem)) {
      if (isRecord(operation)) yield { root, method, path, operation, pathItem };
      else leaveOut(`Its ${method} operation is no object.`);
    }
  }
}

/** The methods every version knows, and those that OpenAPI 3.2 lets a document add. */
function* operationsOf(pathItem: JsonRecord): Generator<readonly [method: string, operation: unknown]> {
  for (const method of methods) {
    if (Object.hasOwn(pathItem, method)) yield [method.toUpperCase(), pathItem[method]];
  }
  const additional = pathItem["additionalOperations"];
  if (!isRecord(additional)) return;
  for (const [method, operation] of Object.entries(additional)) {
    if (/^[A-Za-z][A-Za-z-]{0,30}$/.test(method)) yield [method, operation];
  }
}
