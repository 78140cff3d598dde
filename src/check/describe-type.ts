/**
 * Writes a type so that it can be used without looking anything up: where the checker would give only the
 * name of a declared type, its properties are shown, one level deep.
 */
import { SignatureKind, SymbolFlags, type Project, type Type } from "typescript/unstable/async";
import { shortenType } from "./judgement.ts";

type Checker = Project["checker"];

const maxProperties = 12;
const maxMember = 60;

/** At most `length` characters. */
export async function describeType(checker: Checker, type: Type, length: number): Promise<string> {
  return shortenType(await expand(checker, type), length);
}

/** `({ id: string; n?: number })`, with ` => Promise<…>` when the answer is wanted too; `undefined` if not callable. */
export async function describeCall(
  checker: Checker,
  type: Type,
  { length, answer }: { readonly length: number; readonly answer: boolean },
): Promise<string | undefined> {
  const signature = (await checker.getSignaturesOfType(type, SignatureKind.Call))[0];
  if (signature === undefined) return undefined;
  const parameters: string[] = [];
  for (const parameter of await signature.getParameters()) {
    const given = await checker.getTypeOfSymbol(parameter);
    parameters.push(given === undefined ? parameter.name : await expand(checker, given));
  }
  const call = `(${parameters.join(", ")})`;
  const returned = answer ? await checker.getReturnTypeOfSignature(signature) : undefined;
  if (returned === undefined) return shortenType(call, length);
  return shortenType(`${call} => ${await expand(checker, returned)}`, length);
}

async function expand(checker: Checker, type: Type): Promise<string> {
  const text = await checker.typeToString(type);
  if (type.isUnionType()) return expandUnion(checker, type, text);
  if (type.isTypeReference() && /^Promise<|\[\]$/.test(text)) {
    const [inner] = await checker.getTypeArguments(type);
    if (inner === undefined) return text;
    const expanded = await expand(checker, inner);
    if (text.startsWith("Promise<")) return `Promise<${expanded}>`;
    return expanded.includes(" | ") && !expanded.startsWith("{") ? `(${expanded})[]` : `${expanded}[]`;
  }
  return /^[A-Z][\w$.]*$/.test(text) ? ((await expandObject(checker, type)) ?? text) : text;
}

/** `Args | undefined` of an optional parameter is `Args`; other unions keep what the checker wrote. */
async function expandUnion(checker: Checker, type: Type, text: string): Promise<string> {
  if (!type.isUnionType() || !/^[A-Z][\w$.]* \| (?:undefined|null)$/.test(text)) return text;
  const members = await type.getTypes();
  const named = await Promise.all(
    members.map(async (member) => [member, await checker.typeToString(member)] as const),
  );
  const found = named.find(([, name]) => name !== "undefined" && name !== "null");
  if (found === undefined) return text;
  const expanded = await expand(checker, found[0]);
  return text.endsWith("null") ? `${expanded} | null` : expanded;
}

async function expandObject(checker: Checker, type: Type): Promise<string | undefined> {
  const symbols = await checker.getPropertiesOfType(type);
  if (symbols.length === 0 || symbols.length > 200) return undefined;
  const ordered = symbols.toSorted(
    (a, b) => (a.flags & SymbolFlags.Optional) - (b.flags & SymbolFlags.Optional),
  );
  const members = ordered.slice(0, maxProperties);
  const types = await checker.getTypeOfSymbol(members);
  // Each request is a round trip, and most members are of a few types.
  const texts = new Map<Type | undefined, Promise<string> | string>([[undefined, "any"]]);
  for (const type of types) if (type && !texts.has(type)) texts.set(type, checker.typeToString(type));
  const shown = await Promise.all(
    members.map(async (symbol, index) => {
      const isOptional = (symbol.flags & SymbolFlags.Optional) !== 0;
      const text = (await texts.get(types[index])) ?? "any";
      const stated = isOptional ? text.replace(/ \| undefined$/, "") : text;
      return `${symbol.name}${isOptional ? "?" : ""}: ${shortenType(stated, maxMember)}`;
    }),
  );
  return `{ ${shown.join("; ")}${symbols.length > maxProperties ? `; … ${symbols.length - maxProperties} more` : ""} }`;
}
