/**
 * Judges a property that does not exist: a tool or a field that was misremembered, an answer that was not
 * awaited, or merely an object of the snippet's own that grows.
 */
import {
  isBindingElement,
  isPropertyAccessExpression,
  isVariableDeclaration,
  type Node,
} from "typescript/unstable/ast";
import type { Type } from "typescript/unstable/async";
import { nearest } from "../nearest.ts";
import { isPromise, judge, shortenType, type Finding, type Judgement } from "./judgement.ts";
import { parentOf, type SnippetProbe } from "./snippet-probe.ts";

interface Receiver {
  readonly text: string;
  readonly type: Type;
}

const maxListed = 12;
const maxSignature = 220;

export async function judgeProperty(finding: Finding): Promise<Judgement | undefined> {
  const { probe, facts, node, lines } = finding;
  const name = /^Property '(.+?)' (?:does|may) not exist/.exec(lines[0])?.[1];
  const receiver = await receiverOf(node, probe);
  if (name === undefined || receiver === undefined) return undefined;
  const typeText = await probe.typeText(receiver.type);
  if (isPromise(typeText)) {
    return judge(finding, {
      message: `${receiver.text} is a promise that was not awaited, so it has no property ${name}.`,
      hint: `Write (await ${receiver.text}).${name}; for an array of promises, await Promise.all(array) first.`,
    });
  }
  if (facts.assigned.has(name) || facts.reassigned.has(receiver.text)) return undefined;
  if (growsFreely(typeText) || (await isOnSomeMember(receiver.type, name, probe))) return undefined;
  const origin = await probe.originOf(receiver.type);
  // A parameter taken apart is filled by the snippet's own callers.
  if (origin === "snippet" && !isPropertyAccessExpression(parentOf(node) ?? node)) return undefined;
  const severity = origin === "declared" || origin === "language" ? "error" : "warn";
  return judge(finding, { ...(await explain(name, receiver, { typeText, probe })), severity });
}

async function receiverOf(node: Node, probe: SnippetProbe): Promise<Receiver | undefined> {
  const parent = parentOf(node);
  if (parent === undefined) return undefined;
  if (isPropertyAccessExpression(parent))
    return receiverAt(parent.expression, probe.textOf(parent.expression), probe);
  const element = isBindingElement(node) ? node : isBindingElement(parent) ? parent : undefined;
  if (element === undefined) return undefined;
  const holder = parentOf(element.parent);
  const value = holder !== undefined && isVariableDeclaration(holder) ? holder.initializer : undefined;
  return receiverAt(
    element.parent,
    value === undefined ? "the value taken apart" : probe.textOf(value),
    probe,
  );
}

async function receiverAt(node: Node, text: string, probe: SnippetProbe): Promise<Receiver | undefined> {
  const type = await probe.typeOf(node);
  return type === undefined ? undefined : { text, type };
}

/** Empty objects are there to be filled, and errors carry more than their class says. */
function growsFreely(typeText: string): boolean {
  return (
    typeText === "{}" ||
    typeText === "object" ||
    typeText === "Function" ||
    /^\w*Error$/.test(typeText) ||
    typeText.startsWith("typeof ")
  );
}

/** Reading a property that only some members of a union have is how JavaScript tells them apart. */
async function isOnSomeMember(type: Type, name: string, probe: SnippetProbe): Promise<boolean> {
  if (!type.isUnionType()) return false;
  for (const member of await type.getTypes()) {
    const properties = await probe.propertiesOf(member);
    if (properties.some((property) => property.name === name)) return true;
  }
  return false;
}

interface Explanation {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly missingSource?: string;
}

async function explain(
  name: string,
  receiver: Receiver,
  { typeText, probe }: { readonly typeText: string; readonly probe: SnippetProbe },
): Promise<Explanation> {
  const properties = await probe.propertiesOf(receiver.type);
  const names = properties.map((property) => property.name);
  if (/^tools(?:\.[\w$]+)*$/.test(receiver.text)) return explainTool(name, receiver, { properties, probe });
  if (await probe.isArray(receiver.type)) {
    return {
      message: `${receiver.text} is an array: it has no property ${name}.`,
      hint: `Take one item, as in ${receiver.text}[0].${name}, or map over it.`,
    };
  }
  if (["string", "number", "boolean"].includes(typeText) || /^["\d]/.test(typeText)) {
    return {
      message: `${receiver.text} is ${shortenType(typeText, 60)}: it has no property ${name}.`,
      hint: suggestion(name, names),
    };
  }
  const array = isArrayMember(name) ? await arrayProperty(properties, probe) : undefined;
  return {
    message: `${receiver.text} has no property ${name}; it is ${await probe.describe(receiver.type, 160)}.`,
    hint:
      array === undefined
        ? (suggestion(name, names) ?? listed(names))
        : `It is an object, not an array; did you mean ${receiver.text}.${array}.${name}?`,
  };
}

interface ToolPlace {
  readonly properties: Awaited<ReturnType<SnippetProbe["propertiesOf"]>>;
  readonly probe: SnippetProbe;
}

async function explainTool(
  name: string,
  receiver: Receiver,
  { properties, probe }: ToolPlace,
): Promise<Explanation> {
  const names = properties.map((property) => property.name);
  const near = nearest(name, names);
  if (receiver.text === "tools") {
    return {
      message: `There is no source named ${name}.`,
      missingSource: name,
      hint:
        near.length > 0
          ? `Did you mean tools.${near.join(" or tools.")}?`
          : 'Find tools with await codemode.search("what is wanted").',
    };
  }
  const message = `${receiver.text} has no tool ${name}.`;
  const best = properties.find((property) => property.name === near[0]);
  if (best === undefined)
    return {
      message,
      hint: `${listed(names) ?? ""} Find tools with await codemode.search("${toWords(name)}").`.trim(),
    };
  const type = await best.type();
  const length = maxSignature;
  const call = type === undefined ? undefined : await probe.describeCall(type, { length, answer: true });
  const others = near.slice(1).map((other) => `${receiver.text}.${other}`);
  return {
    message,
    hint: `Did you mean ${receiver.text}.${best.name}${call ?? ""}?${others.length > 0 ? ` Or ${others.join(", ")}?` : ""}`,
  };
}

/** `createIssue` and `create_issue` as a query. */
function toWords(name: string): string {
  return name
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])|_+/g, " ")
    .toLowerCase()
    .slice(0, 60);
}

function suggestion(name: string, names: readonly string[]): string | undefined {
  const near = nearest(name, names);
  return near.length === 0 ? undefined : `Did you mean ${near.join(" or ")}?`;
}

function listed(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const rest = names.length - maxListed;
  return `It has ${names.slice(0, maxListed).join(", ")}${rest > 0 ? `, and ${rest} more` : ""}.`;
}

function isArrayMember(name: string): boolean {
  return Object.hasOwn(Array.prototype, name);
}

async function arrayProperty(
  properties: ToolPlace["properties"],
  probe: SnippetProbe,
): Promise<string | undefined> {
  for (const property of properties.slice(0, 20)) {
    const type = await property.type();
    if (type !== undefined && (await probe.isArray(type))) return property.name;
  }
  return undefined;
}
