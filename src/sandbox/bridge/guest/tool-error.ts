/**
 * What a failed call throws in the snippet: the host's code, message, hint and data, with the stack of the
 * line that made the call.
 */
export interface ToolErrorFields {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly data?: unknown;
  /** What became of the call. */
  readonly outcome?: string;
}

export class ToolError extends Error {
  readonly code: string;
  readonly hint?: string;
  readonly data?: unknown;
  readonly outcome?: string;

  constructor(fields: ToolErrorFields) {
    super(fields.message);
    this.code = fields.code;
    if (fields.hint !== undefined) this.hint = fields.hint;
    if (fields.data !== undefined) this.data = fields.data;
    if (fields.outcome !== undefined) this.outcome = fields.outcome;
  }
}

Object.defineProperty(ToolError.prototype, "name", {
  value: "ToolError",
  configurable: true,
  writable: true,
});

/** `site` is the stack's line where the call was issued, or empty. */
export function createToolError(fields: ToolErrorFields, site: string): ToolError {
  const error = new ToolError(fields);
  const stack = `ToolError: ${fields.message}${site === "" ? "" : `\n${site}`}`;
  Object.defineProperty(error, "stack", { value: stack, configurable: true, writable: true });
  return error;
}
