/**
 * Judges a value that does not fit where it is put: an argument of a tool, which is a mistake; an argument
 * of the language or of the snippet's own functions, which JavaScript mostly converts; an assignment, which
 * it permits.
 */
import {
  isBinaryExpression,
  isExpression,
  isObjectLiteralExpression,
  isPropertyAssignment,
  isReturnStatement,
  isVariableDeclaration,
  SyntaxKind,
  type Node,
} from "typescript/unstable/ast";
import { nearest } from "../nearest.ts";
import {
  isPromise,
  judge,
  mismatch,
  shorten,
  shortenType,
  type Finding,
  type Judgement,
  type Verdict,
} from "./judgement.ts";
import { enclosingCall, parentOf, type SnippetProbe } from "./snippet-probe.ts";

const maxSignature = 260;

export async function judgeValue(finding: Finding): Promise<Judgement | undefined> {
  const { node, probe } = finding;
  if (assignedVariable(node) !== undefined) return undefined;
  const found = finding.lines.map(mismatch).find((types) => types !== undefined);
  const around = enclosingCall(node);
  if (around === undefined) return judgeElsewhere(finding, found);
  const callee = probe.textOf(around.callee);
  const origin = await probe.originOfCall(around.call);
  if (found !== undefined && isPromise(found.found)) {
    return judge(finding, {
      message: `${finding.text} is a promise that was not awaited; ${callee} expects ${shortenType(found.wanted, 120)}.`,
      hint: "Put await before it; for an array of promises, await Promise.all(array).",
    });
  }
  if (origin === "declared" && isNumberAsBigint(finding)) return undefined;
  if (origin === "declared")
    return judge(finding, await explainCall(finding, { callee, callNode: around.callee }));
  if (origin === "language" && found?.wanted === "string" && /^[{[]|\[\]$/.test(found.found)) {
    return judge(finding, {
      message: `${callee} expects a string and is given ${shortenType(found.found, 120)}.`,
      hint: "The value is parsed already: use its properties directly.",
    });
  }
  return undefined;
}

/** Tools take a bigint wherever they take a number: an id beyond 2^53 has no other way. */
function isNumberAsBigint({ lines }: Finding): boolean {
  const innermost = lines.map(mismatch).findLast((types) => types !== undefined);
  return (
    innermost !== undefined &&
    /^(?:bigint|-?\d+n)$/.test(innermost.found) &&
    /\b(?:number|int)\b/.test(innermost.wanted)
  );
}

/** The variable or property on the left, when the finding is about an assignment. */
export function assignedVariable(node: Node): Node | undefined {
  for (let at: Node | undefined = node; at !== undefined; at = parentOf(at)) {
    const parent = parentOf(at);
    if (
      parent !== undefined &&
      isBinaryExpression(parent) &&
      parent.left === at &&
      isAssignment(parent.operatorToken.kind)
    )
      return at;
    if (at.kind === SyntaxKind.Block || isObjectLiteralExpression(at)) return undefined;
  }
  return undefined;
}

function isAssignment(kind: SyntaxKind): boolean {
  return kind >= SyntaxKind.FirstAssignment && kind <= SyntaxKind.LastAssignment;
}

/** A declaration or a return with a type written by the model: wrong where it misremembers a tool's answer. */
async function judgeElsewhere(
  finding: Finding,
  types: { readonly found: string; readonly wanted: string } | undefined,
): Promise<Judgement | undefined> {
  const { node, probe, lines } = finding;
  const value = annotatedValue(node);
  const type = value === undefined ? undefined : await probe.typeOf(value);
  if (value === undefined || type === undefined) return undefined;
  const typeText = await probe.typeText(type);
  if (isPromise(typeText))
    return judge(finding, {
      message: `${probe.textOf(value)} is a promise that was not awaited.`,
      hint: "Put await before it.",
    });
  const missing = missingNames(lines);
  const actual = `${probe.textOf(value)} is ${await probe.describe(type, 160)}`;
  const message =
    missing !== undefined
      ? `${actual}: it ${missing.names.startsWith("length, ") ? "is not an array" : `lacks ${shorten(missing.names, 80)}`}.`
      : types === undefined
        ? lines[0]
        : `${actual}, not ${shortenType(types.wanted, 100)}.`;
  const severity = (await probe.originOf(type)) === "declared" ? "error" : "warn";
  return judge(finding, { message, hint: explanation(lines), severity });
}

function annotatedValue(node: Node): Node | undefined {
  for (let at: Node | undefined = node; at !== undefined; at = parentOf(at)) {
    if (isVariableDeclaration(at)) return at.initializer;
    if (isReturnStatement(at)) return at.expression;
    if (at.kind === SyntaxKind.Block) return undefined;
  }
  return undefined;
}

interface Called {
  readonly callee: string;
  readonly callNode: Node;
}

async function explainCall(finding: Finding, { callee, callNode }: Called): Promise<Verdict> {
  const { probe, lines, node } = finding;
  const type = await probe.typeOf(callNode);
  const length = maxSignature;
  const call = type === undefined ? undefined : await probe.describeCall(type, { length, answer: false });
  const expected = call === undefined ? undefined : `Expected: ${callee}${call}`;
  const unknown = /'([^']+)' does not exist in type/.exec(lines.join("\n"))?.[1];
  if (unknown !== undefined) {
    const near = nearest(unknown, await wantedNames(node, probe), 1)[0];
    return {
      message: `${unknown} is not a parameter of ${callee}.`,
      hint: join(near === undefined ? undefined : `Did you mean ${near}?`, expected),
    };
  }
  const missing = missingNames(lines);
  if (missing !== undefined) {
    const inside = finding.text;
    const where = inside === callee || missing.whole ? callee : `${inside}, given to ${callee},`;
    return { message: `${where} lacks ${missing.names}.`, hint: expected };
  }
  const counts = /^Expected (.+) arguments?, but got (\d+)/.exec(lines[0]);
  if (counts !== null)
    return {
      message: `${callee} takes ${counts[1]} argument${counts[1] === "1" ? "" : "s"} and is given ${counts[2]}.`,
      hint: expected,
    };
  const types = lines.map(mismatch).findLast((each) => each !== undefined);
  const wanted = (await wantedText(finding)) ?? types?.wanted;
  if (types === undefined || wanted === undefined) return { message: shorten(lines[0], 240), hint: expected };
  const meant = /Did you mean '(.+)'\?/.exec(lines.join("\n"))?.[1];
  const inside = lines.flatMap(
    (line) => /^(?:Types of property|The types of) '(.+?)' are/.exec(line)?.[1] ?? [],
  );
  const subject = [finding.text, ...inside].join(".");
  const isScalar = /^(?:string|number|boolean|"|\d)/.test(types.found);
  const byName =
    isScalar && wanted.startsWith("{") ? "Pass one object with the parameters by name." : undefined;
  const advice = meant === undefined ? byName : `Did you mean ${meant}?`;
  return {
    message: `${subject} has type ${shortenType(types.found, 100)}; ${callee} expects ${shortenType(withoutUndefined(wanted), 140)}.`,
    hint: join(advice, expected),
  };
}

/** The type wanted of the very value the finding is about, spelt out; only where it has a name of its own. */
async function wantedText({ node, probe, lines }: Finding): Promise<string | undefined> {
  const named = lines.map(mismatch).findLast((each) => each !== undefined)?.wanted;
  if (named === undefined || !/^[A-Z][\w$.]*(?:\[\])?$/.test(named)) return undefined;
  const parent = parentOf(node);
  const value =
    parent !== undefined && isPropertyAssignment(parent) && parent.name === node ? parent.initializer : node;
  const wanted = isExpression(value) ? await probe.wantedAt(value) : undefined;
  return wanted === undefined ? undefined : probe.describe(wanted, 140);
}

function missingNames(
  lines: readonly string[],
): { readonly names: string; readonly whole: boolean } | undefined {
  const last = lines.at(-1) ?? "";
  const one = /^Property '(.+?)' is missing in type/.exec(last)?.[1];
  if (one !== undefined) return { names: one, whole: lines.length <= 2 };
  const several = /is missing the following properties from type '.*': (.+?)\.?$/s.exec(last)?.[1];
  return several === undefined ? undefined : { names: several, whole: lines.length <= 2 };
}

async function wantedNames(node: Node, probe: SnippetProbe): Promise<string[]> {
  for (let at: Node | undefined = node; at !== undefined; at = parentOf(at)) {
    if (!isObjectLiteralExpression(at)) continue;
    const wanted = await probe.wantedAt(at);
    if (wanted === undefined) return [];
    const members = wanted.isUnionType() ? await wanted.getTypes() : [wanted];
    const names = await Promise.all(
      members.map(async (member) => (await probe.propertiesOf(member)).map(({ name }) => name)),
    );
    return [...new Set(names.flat())];
  }
  return [];
}

function withoutUndefined(type: string): string {
  return type.replace(/ \| undefined$/, "");
}

function explanation(lines: readonly string[]): string | undefined {
  const last = lines.at(-1);
  return lines.length < 2 || last === undefined ? undefined : shorten(last, 200);
}

function join(...parts: readonly (string | undefined)[]): string | undefined {
  const said = parts.filter((part) => part !== undefined);
  return said.length === 0 ? undefined : said.join(" ");
}
