/**
 * The answers that an operation states, by status. What a response holds is said differently by each version of
 * the format, so the reader of that is given.
 */
import { isRecord } from "../../schema/is-record.ts";
import { follow } from "./document-refs.ts";
import type { ContentModel, ResponseModel } from "./operation-model.ts";
import type { JsonRecord } from "./parse-document.ts";

export interface ResponseReading {
  readonly contentsOf: (response: JsonRecord) => ContentModel[];
  /** What could not be read is added, one sentence each. */
  readonly repairs: string[];
}

export function readResponses(
  root: JsonRecord,
  raw: unknown,
  { contentsOf, repairs }: ResponseReading,
): ResponseModel[] {
  if (!isRecord(raw)) return [];
  const responses: ResponseModel[] = [];
  for (const [status, entry] of Object.entries(raw)) {
    if (status.startsWith("x-")) continue;
    const followed = follow(root, entry);
    if ("problem" in followed) {
      repairs.push(`Its answer ${status} is not described: ${followed.problem}.`);
      continue;
    }
    responses.push({ status: status.toUpperCase(), contents: contentsOf(followed.value) });
  }
  return responses;
}
