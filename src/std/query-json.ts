/**
 * JSONPath-like queries: `$.orders[?(@.total > 100 && @.city == "Rome")].lines[*].sku`, `$..id`, `$.a[-1]`,
 * `$.a[0:3]`, `$['a b']`. Only own properties are ever found.
 */

type Step =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "slice"; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: "all" }
  | { readonly kind: "deep" }
  | { readonly kind: "filter"; readonly either: readonly (readonly Condition[])[] };

interface Condition {
  readonly path: readonly Step[];
  readonly operator: string;
  readonly value: unknown;
}

/** Every value that the path leads to, in document order. Throws a SyntaxError for a path that is none. */
export function queryJson(value: unknown, path: string): unknown[] {
  return follow([value], parsePath(path.trim().replace(/^\$/, ""), path));
}

const token =
  /^(?:(\.\.)|\.?\*|\.?\[\s*(?:(\*)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d+)|(-?\d+)?\s*:\s*(-?\d+)?|\?\(?((?:[^\]"']|"[^"]*"|'[^']*')*?)\)?)\s*\]|\.?([\p{L}_$][\p{L}\p{N}_$-]*))/u;

function parsePath(path: string, whole: string): Step[] {
  const steps: Step[] = [];
  let rest = path;
  while (rest !== "") {
    const found = token.exec(rest);
    if (found === null)
      throw new SyntaxError(`The path ${whole} cannot be read from ${JSON.stringify(rest.slice(0, 40))} on.`);
    steps.push(toStep(found, whole));
    rest = rest.slice(found[0].length);
  }
  return steps;
}

function toStep(found: RegExpExecArray, whole: string): Step {
  const [text, deep, , single, double, index, from, to, filter, name] = found;
  if (deep !== undefined) return { kind: "deep" };
  if (single !== undefined || double !== undefined)
    return { kind: "name", name: (single ?? double ?? "").replaceAll(/\\(.)/g, "$1") };
  if (index !== undefined) return { kind: "index", index: Number(index) };
  if (filter !== undefined) return { kind: "filter", either: parseFilter(filter, whole) };
  if (name !== undefined) return { kind: "name", name };
  if (text.includes("*")) return { kind: "all" };
  return {
    kind: "slice",
    from: from === undefined ? undefined : Number(from),
    to: to === undefined ? undefined : Number(to),
  };
}

function parseFilter(text: string, whole: string): Condition[][] {
  return splitOutside(text, "||").map((either) =>
    splitOutside(either, "&&").map((each) => parseCondition(each.trim(), whole)),
  );
}

function parseCondition(text: string, whole: string): Condition {
  const found = /^(!?)@((?:[^=!<>\s"']|\['[^']*'\]|\["[^"]*"\])*)\s*(?:(==|!=|<=|>=|<|>|=~)\s*(.+))?$/.exec(
    text,
  );
  if (found === null)
    throw new SyntaxError(`The condition ${JSON.stringify(text)} in ${whole} cannot be read.`);
  const [, not, path = "", operator, literal] = found;
  const parsed = parsePath(path, whole);
  if (operator === undefined || literal === undefined)
    return { path: parsed, operator: not === "!" ? "absent" : "present", value: undefined };
  return { path: parsed, operator, value: parseLiteral(literal.trim(), whole) };
}

function parseLiteral(text: string, whole: string): unknown {
  const pattern = /^\/(.*)\/([imsu]*)$/.exec(text);
  if (pattern !== null) return new RegExp(pattern[1] ?? "", pattern[2]);
  const quoted = /^'(.*)'$/.exec(text);
  if (quoted !== null) return quoted[1];
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`${text} in ${whole} is neither a number, text, true, false nor null.`, { cause });
  }
}

function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let quote = "";
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (quote !== "") quote = sign === quote ? "" : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (text.startsWith(separator, at)) {
      parts.push(text.slice(from, at));
      from = at + separator.length;
      at = from - 1;
    }
  }
  return [...parts, text.slice(from)];
}

function follow(values: readonly unknown[], steps: readonly Step[]): unknown[] {
  let found = [...values];
  for (const step of steps) found = found.flatMap((value) => takeStep(value, step));
  return found;
}

function takeStep(value: unknown, step: Step): unknown[] {
  switch (step.kind) {
    case "name":
      return isKeyed(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : [];
    case "index": {
      if (!Array.isArray(value)) return [];
      const at = step.index < 0 ? value.length + step.index : step.index;
      return at in value ? [value[at]] : [];
    }
    case "slice":
      return Array.isArray(value) ? value.slice(step.from, step.to) : [];
    case "all":
      return childrenOf(value);
    case "deep":
      return descendantsOf(value);
    case "filter":
      return childrenOf(value).filter((child) =>
        step.either.some((all) => all.every((condition) => holds(child, condition))),
      );
  }
}

function holds(value: unknown, { path, operator, value: wanted }: Condition): boolean {
  const found = follow([value], path);
  const [first] = found;
  switch (operator) {
    case "present":
      return found.length > 0 && first !== false && first !== null;
    case "absent":
      return found.length === 0 || first === false || first === null;
    case "==":
      return found.length > 0 && first === wanted;
    case "!=":
      return first !== wanted;
    case "=~":
      return typeof first === "string" && wanted instanceof RegExp && wanted.test(first);
    default:
      return compares(first, operator, wanted);
  }
}

function compares(left: unknown, operator: string, right: unknown): boolean {
  const comparable =
    (typeof left === "number" && typeof right === "number") ||
    (typeof left === "string" && typeof right === "string");
  if (!comparable) return false;
  if (operator === "<") return left < right;
  if (operator === "<=") return left <= right;
  return operator === ">" ? left > right : left >= right;
}

function isKeyed(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function childrenOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isKeyed(value) ? Object.values(value) : [];
}

/** The value itself and everything below it, each before what is in it. */
function descendantsOf(value: unknown): unknown[] {
  const found: unknown[] = [];
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const current = waiting.pop();
    found.push(current);
    for (const child of childrenOf(current).toReversed()) waiting.push(child);
  }
  return found;
}
