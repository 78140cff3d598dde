import { expect, it } from "vitest";
import { headerFault } from "./header-fault.ts";

const header = (name: unknown, type = "string"): object => ({ type, "x-mcp-header": name });

it.each<[what: string, properties: object, fault: RegExp | undefined]>([
  ["no headers", { a: { type: "string" } }, undefined],
  ["sound headers", { a: header("Region"), b: header("Tenant-Id", "integer") }, undefined],
  ["an empty name", { a: header("") }, /no header name/],
  ["a name that is no text", { a: header(7) }, /no header name/],
  ["a space", { a: header("My Region") }, /no header name/],
  ["a line break", { a: header("X\r\nCookie") }, /no header name/],
  ["an object", { a: header("Region", "object") }, /no string, integer or boolean/],
  ["a number", { a: header("Region", "number") }, /no string, integer or boolean/],
  ["one name twice", { a: header("Region"), b: header("REGION") }, /twice/],
  ["one below another", { a: { type: "object", properties: { b: header("") } } }, /no header name/],
])("tells %s", (_what, properties, fault) => {
  const found = headerFault({ type: "object", properties });
  if (fault === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(fault);
});
