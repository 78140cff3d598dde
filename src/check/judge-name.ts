/**
 * Judges a name that nothing declares: a global of Node.js or of the browser that the sandbox does not have,
 * a source without `tools.`, or a slip of the pen. A module is told the same way.
 */
import { isTypeNode, SyntaxKind, type Node } from "typescript/unstable/ast";
import { judge, type Finding, type Judgement } from "./judgement.ts";
import { parentOf } from "./snippet-probe.ts";

const network =
  'Snippets have no network of their own: call a tool, or find one with await codemode.search("what is wanted").';
const nodejs =
  "Snippets do not run in Node.js: there are no modules, files, processes or environment, only tools and the language.";
const browser = "Snippets do not run in a browser: there is no page.";
const advice = new Map<string, string>([
  ...[
    "fetch",
    "XMLHttpRequest",
    "WebSocket",
    "EventSource",
    "Request",
    "Response",
    "Headers",
    "axios",
    "navigator",
  ].map((name) => [name, network] as const),
  ...[
    "require",
    "process",
    "Buffer",
    "module",
    "exports",
    "__dirname",
    "__filename",
    "global",
    "fs",
    "path",
    "setImmediate",
    "Deno",
    "Bun",
  ].map((name) => [name, nodejs] as const),
  ...["window", "document", "localStorage", "sessionStorage", "location", "alert", "prompt", "confirm"].map(
    (name) => [name, browser] as const,
  ),
]);

export function judgeName(finding: Finding): Judgement | undefined {
  const { node, lines, probe } = finding;
  const name = /'(.+?)'/.exec(lines[0])?.[1] ?? probe.textOf(node);
  if (isModuleName(node) || name.startsWith("node:")) return judgeModule(finding, name);
  // Types are stripped, and `typeof name` asks whether the name exists.
  if (isInType(node) || parentOf(node)?.kind === SyntaxKind.TypeOfExpression) return undefined;
  if (finding.code === 2708) {
    return judge(finding, {
      message: `${name} is not defined.`,
      hint: `Sources are reached through tools: write tools.${name}.`,
    });
  }
  const meant = /Did you mean (?:the .+ )?'(.+?)'\?/.exec(lines[0])?.[1];
  const hint =
    advice.get(name) ??
    (meant === undefined
      ? `Declare it, or write tools.${name} if it is a source.`
      : `Did you mean ${meant}?`);
  return judge(finding, { message: `${name} is not defined.`, hint });
}

export function judgeModule(finding: Finding, name?: string): Judgement {
  const written = isModuleName(finding.node) ? finding.probe.textOf(finding.node).slice(1, -1) : undefined;
  const module = written ?? name ?? /'(.+?)'/.exec(finding.lines[0])?.[1] ?? "the module";
  return judge(finding, { message: `A snippet cannot import ${module}.`, hint: nodejs });
}

function isModuleName(node: Node): boolean {
  return node.kind === SyntaxKind.StringLiteral;
}

function isInType(node: Node): boolean {
  for (let at: Node | undefined = node; at !== undefined; at = parentOf(at)) {
    if (isTypeNode(at)) return true;
    if (at.kind === SyntaxKind.Block) return false;
  }
  return false;
}
