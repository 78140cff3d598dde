/**
 * Arguments of the document as the program wrote them.
 */
import { restoreIntegers } from "../../json/restore-integers.ts";
import type { ExactJson, Json } from "../../spec/value.ts";

/** With the digits of large integers bare, as the program wrote them. */
export function integersOf(args: Json, exact: readonly string[] | undefined): ExactJson {
  return restoreIntegers(args, exact) as ExactJson;
}
