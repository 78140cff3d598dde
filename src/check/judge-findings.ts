/**
 * Turns what the native checker found in a snippet into what its author should be told, and drops what is
 * only style. The table of codes is `diagnostic-rules.ts`; the cases that need a closer look have a judge
 * each.
 */
import { isIdentifier, isPropertyAccessExpression, type Node } from "typescript/unstable/ast";
import type { Diagnostic as NativeDiagnostic } from "typescript/unstable/async";
import { ruleOf, saysNothing } from "./diagnostic-rules.ts";
import { judgeModule, judgeName } from "./judge-name.ts";
import { judgeProperty } from "./judge-property.ts";
import { assignedVariable, judgeValue } from "./judge-value.ts";
import { isPromise, judge, shorten, type Finding, type Judgement, type SnippetFacts } from "./judgement.ts";
import type { Findings } from "./program-sets.ts";
import { parentOf, SnippetProbe } from "./snippet-probe.ts";

export type { Judgement } from "./judgement.ts";

/** More findings than these would not be shown. */
const maxJudged = 40;
const maxKept = 10;

export async function judgeFindings(
  { diagnostics, file, project }: Findings,
  code: string,
): Promise<Judgement[]> {
  const relevant = diagnostics.filter(({ code: number }) => ruleOf(number) !== "ignore").slice(0, maxJudged);
  if (relevant.length === 0) return [];
  const source = await project.program.getSourceFile(file);
  if (source === undefined) return [];
  const probe = new SnippetProbe(project, source, code);
  const reassigned = new Set<string>();
  const facts: SnippetFacts = { assigned: assignedProperties(code), reassigned };
  const findings = relevant.map((each) => toFinding(each, probe, facts));
  for (const { code: number, node } of findings) {
    const variable = ruleOf(number) === "value" ? assignedVariable(node) : undefined;
    if (variable !== undefined && isIdentifier(variable)) reassigned.add(probe.textOf(variable));
  }
  const judgements = new Map<string, Judgement>();
  for (const finding of findings) {
    const judgement = await judgeOne(finding);
    if (judgement !== undefined) judgements.set(`${judgement.start} ${judgement.message}`, judgement);
    if (judgements.size >= maxKept) break;
  }
  return [...judgements.values()];
}

async function judgeOne(finding: Finding): Promise<Judgement | undefined> {
  const { lines, code } = finding;
  const kind = ruleOf(code);
  if (kind !== "error" && saysNothing(lines)) return undefined;
  switch (kind) {
    case "property":
      return judgeProperty(finding);
    case "value":
      return judgeValue(finding);
    case "name":
      return judgeName(finding);
    case "module":
      return judgeModule(finding);
    case "call":
      return judgeUse(finding);
    case "operator":
      return mentionsPromise(lines) ? notAwaited(finding) : judgeOperand(finding);
    case "condition":
      return notAwaited(finding);
    case "comparison":
      return judgeComparison(finding);
    case "error":
      return judge(finding, { message: plain(lines[0]) });
    case "warn":
      return judge(finding, { message: plain(lines[0]), severity: "warn" });
    default:
      return undefined;
  }
}

/** Calling or iterating: what is not made for it throws, whoever declared it. */
async function judgeUse(finding: Finding): Promise<Judgement> {
  const { code, lines, node, probe } = finding;
  if (mentionsPromise(lines)) return notAwaited(finding);
  const isCall = code === 2349 || code === 2351;
  const expression = isCall ? wholeAccess(node) : node;
  const text = isCall ? probe.textOf(expression) : finding.text;
  const type = await probe.typeOf(isCall ? expression : probe.nodeSpanning(node, finding.end));
  const typed = type === undefined ? "" : `; it is ${await probe.describe(type, 160)}`;
  const isGroup = /^tools\b/.test(text) && type !== undefined;
  const names = isGroup ? (await probe.propertiesOf(type)).map(({ name }) => name) : [];
  if (names.length > 0) {
    const listed = `${names.slice(0, 8).join(", ")}${names.length > 8 ? ", …" : ""}`;
    return judge(finding, {
      message: `${text} is not a tool but a group of tools.`,
      hint: `Call one of them: ${listed}.`,
    });
  }
  return isCall
    ? judge(finding, { message: `${text} is not a function${typed}.`, hint: "Use it without calling it." })
    : judge(finding, {
        message: `${text} cannot be iterated${typed}.`,
        hint: "Iterate over an array in it, or over Object.entries(value).",
      });
}

/** `r.items` for its `items`: the checker points at the name alone. */
function wholeAccess(node: Node): Node {
  const parent = parentOf(node);
  return parent !== undefined && isPropertyAccessExpression(parent) && parent.name === node ? parent : node;
}

async function judgeOperand(finding: Finding): Promise<Judgement | undefined> {
  const type = await finding.probe.typeOf(finding.node);
  if (type === undefined || !isPromise(await finding.probe.typeText(type))) return undefined;
  return notAwaited(finding);
}

function notAwaited(finding: Finding): Judgement {
  return judge(finding, {
    message: `${finding.text} is a promise that was not awaited.`,
    hint: "Put await before it; for an array of promises, await Promise.all(array).",
  });
}

function judgeComparison(finding: Finding): Judgement | undefined {
  const { lines } = finding;
  if (mentionsPromise(lines)) return notAwaited(finding);
  const types =
    /types? '(.*?)' and '(.*?)' have no overlap|Type '(.*?)' is not comparable to type '(.*?)'/s.exec(
      lines[0],
    );
  const [left, right] = [types?.[1] ?? types?.[3], types?.[2] ?? types?.[4]];
  if (left === undefined || right === undefined || !left.startsWith('"') || !right.startsWith('"'))
    return undefined;
  return judge(finding, {
    message: `This comparison is never true: ${shorten(left, 160)} is never ${shorten(right, 80)}.`,
    severity: "warn",
  });
}

function mentionsPromise(lines: readonly string[]): boolean {
  return lines.some((line) => /'Promise</.test(line));
}

function toFinding(native: NativeDiagnostic, probe: SnippetProbe, facts: SnippetFacts): Finding {
  return {
    start: native.pos,
    end: native.end,
    code: native.code,
    lines: [native.text, ...chain(native)],
    node: probe.nodeAt(native.pos),
    text: probe.textBetween(native.pos, native.end),
    probe,
    facts,
  };
}

function chain(native: NativeDiagnostic): string[] {
  return (native.messageChain ?? []).flatMap((inner) => [inner.text, ...chain(inner)]);
}

/** Names assigned as properties anywhere: a snippet may fill its own objects, and read what it filled. */
function assignedProperties(code: string): ReadonlySet<string> {
  const names = [
    ...code.matchAll(/\.([\p{L}_$][\p{L}\p{N}_$]*)\s*(?:=(?![=>])|\+=|-=|\?\?=|\|\|=|&&=|\+\+|--)/gu),
  ];
  return new Set(names.map((match) => match[1] ?? ""));
}

function plain(text: string): string {
  return text.replaceAll("'", "").replace(/ Do you need to .*$/s, "");
}
