/**
 * What the protocol client is given where it would validate or compile by itself. Nothing here looks at a
 * value: arguments are validated before the call, and a schema of a stranger is never turned into code.
 */
import type { jsonSchemaValidator, StandardSchemaV1 } from "@modelcontextprotocol/client";

/** Accepts every value as it is. */
export const anything: StandardSchemaV1<unknown, unknown> = {
  "~standard": { version: 1, vendor: "codemode", validate: (value) => ({ value }) },
};

/**
 * Takes the place of the client's own validator, which compiles schemas to functions. The client is never
 * shown an output schema, so that this one is never asked; asked after all, it would refuse.
 */
export const noValidator: jsonSchemaValidator = {
  getValidator: () => () => ({ valid: false, data: undefined, errorMessage: "not validated by the client" }),
};
