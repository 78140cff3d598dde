import { describe, expect, it } from "vitest";
import type { JsonSchema, Value } from "../spec/value.ts";
import { createArgumentsValidator } from "./arguments-validator.ts";
import { problemsToMessage, type ProblemsMessage } from "./problems-to-message.ts";

const issue: JsonSchema = {
  type: "object",
  properties: {
    body: { type: "string" },
    owner: { type: "string" },
    state: { enum: ["open", "closed"] },
    labels: { type: "array", items: { $ref: "#/$defs/Label" } },
  },
  required: ["owner"],
  additionalProperties: false,
};
const definitions: Record<string, JsonSchema> = {
  Label: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
};

function explain(args: Value, input = issue): ProblemsMessage {
  const problems = createArgumentsValidator({ input, definitions })(args);
  return problemsToMessage(problems, { path: "github.issues.create", input, definitions });
}

describe("problemsToMessage", () => {
  it("says what is wrong and which parameters exist", () => {
    expect(explain({ state: "opened", labels: [{ name: "a" }, { nmae: 1 }], ownr: "x" })).toEqual({
      message:
        'github.issues.create was given wrong arguments: owner is missing; expected string; state is the string "opened"; expected "open" | "closed"; labels[1].name is missing; expected string; ownr is not a known property (did you mean owner?).',
      hint: 'Parameters: owner: string, body?: string, state?: "open" | "closed", labels?: { name }[].',
    });
  });

  it("sees parameters through references, allOf and unions", () => {
    const input: JsonSchema = {
      allOf: [{ $ref: "#/$defs/Label" }],
      oneOf: [{ required: ["a"], properties: { a: { type: "integer" } } }, { properties: { b: {} } }],
    };
    expect(explain([], input).hint).toBe("Parameters: name: string, a?: integer, b?: any.");
    expect(explain([], true).hint).toBe("It takes no parameters that are known.");
  });

  it("stays within six hundred characters", () => {
    const names = Array.from({ length: 200 }, (_, i) => [
      `parameter_with_a_long_name_${i}`,
      { enum: ["x".repeat(80), "y".repeat(80)] },
    ]);
    const input: JsonSchema = {
      properties: Object.fromEntries(names) as Record<string, JsonSchema>,
      additionalProperties: false,
    };
    const args = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`q${i}${"z".repeat(500)}`, i]));
    const { message, hint } = explain(args, input);
    expect(message.length + hint.length).toBeLessThanOrEqual(600);
    expect(message).toMatch(/and \d+ more\.$/);
    expect(hint).toMatch(/… \d+ more\.$/);
  });
});
