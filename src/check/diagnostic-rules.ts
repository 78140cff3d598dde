/**
 * What each of TypeScript's findings means for a snippet, as a table. A snippet is a program in JavaScript's
 * manner, run once: only what contradicts the tools' types or will certainly fail may stop it. A code that is
 * not listed is ignored, syntax errors (1000 to 1999) excepted.
 */

/**
 * `property`, `value`, `operator`, `comparison`, `name`, `call`: judged by what the finding is about, in
 * `judge-findings.ts`. `error` always stops the snippet, `warn` never.
 */
export type RuleKind =
  | "property"
  | "value"
  | "operator"
  | "comparison"
  | "name"
  | "module"
  | "call"
  | "condition"
  | "error"
  | "warn"
  | "ignore";

interface Rule {
  readonly kind: RuleKind;
  readonly codes: readonly number[];
  readonly reason: string;
}

const rules: readonly Rule[] = [
  {
    kind: "property",
    codes: [2339, 2551, 2550, 2568, 2570],
    reason:
      "a property that a tool, an answer or a value of the language has not; an object of the snippet's own may grow",
  },
  {
    kind: "value",
    codes: [2322, 2345, 2353, 2561, 2739, 2740, 2741, 2554, 2555, 2556, 2559, 2560, 2769, 2820, 2326],
    reason: "arguments that do not fit; elsewhere JavaScript converts, and only a promise is certainly wrong",
  },
  {
    kind: "name",
    codes: [
      2304, 2552, 2580, 2581, 2582, 2583, 2584, 2585, 2591, 2592, 2593, 2662, 2663, 2708, 18004, 2867, 2868,
    ],
    reason: "a global that the sandbox does not have: it would throw",
  },
  { kind: "module", codes: [2307, 2792, 2306, 2497, 1259, 2882, 7016], reason: "a snippet cannot import" },
  {
    kind: "call",
    codes: [2349, 2351, 2488, 2489, 2461, 2495, 2504, 2548, 2549, 2763],
    reason: "calling, constructing or iterating what is not made for it throws",
  },
  {
    kind: "operator",
    codes: [2362, 2363, 2365, 2447, 2356, 2736, 1320, 2839],
    reason: "JavaScript converts operands (dates are subtracted); a promise as operand is a mistake",
  },
  {
    kind: "comparison",
    codes: [2367, 2678],
    reason: "a literal that a stated enum does not have; the enum may be out of date, so it warns",
  },
  { kind: "condition", codes: [2801], reason: "a promise as a condition is always true: it was not awaited" },
  {
    kind: "error",
    codes: [2588, 2451, 2448, 2449, 2440, 2481],
    reason: "assigning to a constant, declaring twice or using before the declaration throws",
  },
  { kind: "error", codes: [2305, 2613, 2614, 2724], reason: "a module has no export of this name" },
  { kind: "warn", codes: [2774], reason: "a function as a condition: probably a call was meant" },
  {
    kind: "ignore",
    codes: [2531, 2532, 2533, 2721, 2722, 2723, 18047, 18048, 18049],
    reason: "what may be null or undefined is often known not to be",
  },
  { kind: "ignore", codes: [2571, 18046, 2638], reason: "unknown says nothing" },
  {
    kind: "ignore",
    codes: [2540, 2704, 2790, 2542],
    reason: "answers are plain objects: read-only and required hold no one from changing a copy",
  },
  {
    kind: "ignore",
    codes: [2454, 2564, 2565],
    reason: "an unassigned variable is undefined, which JavaScript permits",
  },
  {
    kind: "ignore",
    codes: [2366, 2355, 1064, 2794, 2810, 2683, 2695, 2872, 2869, 2871, 2873],
    reason: "style: missing returns, resolve() without a value, this, comma, constant conditions",
  },
  {
    kind: "ignore",
    codes: [1016, 1183, 1046, 1038, 1040, 1051, 1054, 1095],
    reason: "rules on declarations that are stripped before the snippet runs",
  },
];

const kindOf = new Map(rules.flatMap(({ kind, codes }) => codes.map((code) => [code, kind] as const)));

export function ruleOf(code: number): RuleKind {
  const kind = kindOf.get(code);
  if (kind !== undefined) return kind;
  return code >= 1_000 && code < 2_000 ? "error" : "ignore";
}

/** Words in the finding that make it say nothing, whatever its code. */
export function saysNothing(lines: readonly string[]): boolean {
  if (lines.some((line) => /'never(?:\[\])?'/.test(line))) return true;
  if (
    lines.some((line) =>
      /^(?:Type|Argument of type) '(?:unknown|\{\}|object)(?:\[\])?' is not assignable/.test(line),
    )
  )
    return true;
  return isOnlyMissing(lines);
}

/** `string | undefined` where `string` is wanted: the value may be there, and the call itself is validated. */
function isOnlyMissing(lines: readonly string[]): boolean {
  const last = lines.at(-1) ?? "";
  if (!/^Type '(?:undefined|null)' is not assignable/.test(last)) return false;
  return lines.slice(0, -1).some((line) => /\| (?:undefined|null)\b|\b(?:undefined|null) \|/.test(line));
}
