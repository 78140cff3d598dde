/**
 * The keywords of JSON Schema that speak of strings and numbers.
 */
import { compilePattern } from "./linear-pattern.ts";
import { addProblem, type Here, type SchemaObject, type SchemaWalk } from "./schema-walk.ts";
import { formatExpectation } from "./string-format.ts";
import { cut, describeValue } from "./validation-problem.ts";

export function evaluateString(
  walk: SchemaWalk,
  schema: SchemaObject,
  value: string,
  { at, outcome }: Here,
): void {
  const { minLength, maxLength, pattern, format } = schema;
  if (typeof minLength === "number" && value.length < 2 * minLength && countCharacters(value) < minLength) {
    const found = value === "" ? "is empty" : `has ${countCharacters(value)} characters`;
    addProblem(outcome, at, "value", { text: `${found}; expected at least ${minLength}` });
  }
  if (typeof maxLength === "number" && value.length > maxLength) {
    walk.spend(value.length / 100);
    const length = countCharacters(value);
    if (length > maxLength)
      addProblem(outcome, at, "value", { text: `has ${length} characters; expected at most ${maxLength}` });
  }
  if (typeof pattern === "string") {
    const compiled = compilePattern(pattern);
    if (compiled !== undefined && !testWithin(walk, compiled, value)) {
      addProblem(outcome, at, "value", {
        text: `is ${describeValue(value)}; expected a string that matches ${cut(pattern, 80)}`,
      });
    }
  }
  if (typeof format === "string") {
    const expected = formatExpectation(format, value);
    if (expected !== undefined)
      addProblem(outcome, at, "value", { text: `is ${describeValue(value)}; expected ${expected}` });
  }
}

/** A long text is tested only if the budget pays for it; when it does not, the walk is over anyway. */
function testWithin(
  walk: SchemaWalk,
  pattern: { test(text: string): boolean; readonly costPerCharacter: number },
  text: string,
): boolean {
  return walk.spend((text.length * pattern.costPerCharacter) / 100) && pattern.test(text);
}

/** Characters as JSON Schema counts them: code points. */
function countCharacters(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(at + 1))) at += 1;
    count += 1;
  }
  return count;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

export function evaluateNumber(schema: SchemaObject, value: number | bigint, { at, outcome }: Here): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  // Drafts 3 and 4 (and OpenAPI 3.0) make `minimum` exclusive by a boolean beside it.
  const above =
    typeof exclusiveMinimum === "number" ? exclusiveMinimum : exclusiveMinimum === true ? minimum : undefined;
  const below =
    typeof exclusiveMaximum === "number" ? exclusiveMaximum : exclusiveMaximum === true ? maximum : undefined;
  const wrong = (expected: string): void =>
    addProblem(outcome, at, "value", { text: `is ${value}; expected ${expected}` });
  if (typeof above === "number" && !(value > above)) wrong(`more than ${above}`);
  else if (typeof minimum === "number" && value < minimum) wrong(`at least ${minimum}`);
  if (typeof below === "number" && !(value < below)) wrong(`less than ${below}`);
  else if (typeof maximum === "number" && value > maximum) wrong(`at most ${maximum}`);
  if (typeof multipleOf === "number" && multipleOf > 0 && !isMultiple(value, multipleOf))
    wrong(`a multiple of ${multipleOf}`);
}

/** Forgiving by what a binary fraction cannot say: 0.3 is a multiple of 0.1. */
function isMultiple(value: number | bigint, divisor: number): boolean {
  if (typeof value === "bigint")
    return Number.isInteger(divisor) ? value % BigInt(divisor) === 0n : isMultiple(Number(value), divisor);
  if (Number.isInteger(value) && Number.isInteger(divisor)) return value % divisor === 0;
  const quotient = value / divisor;
  return Math.abs(quotient - Math.round(quotient)) <= 4 * Number.EPSILON * Math.max(1, Math.abs(quotient));
}
