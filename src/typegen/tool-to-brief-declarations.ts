/**
 * One tool as declarations that compile alone and keep to a budget: what is cut is marked, and a type that had no
 * room is `any`.
 */
import type { CatalogSource, Tool } from "../spec/tool.ts";
import { docComment } from "./doc-comment.ts";
import { indentLines } from "./indent-lines.ts";
import { propertyName } from "./property-name.ts";
import { toolToSignature } from "./tool-to-signature.ts";
import { toNamespaceName } from "./type-name.ts";

/** Characters of the description. */
const maxDescription = 1_000;

export interface BriefDeclarations {
  readonly text: string;
  /** Some of the types were cut, and not comments alone. */
  readonly truncated: boolean;
}

export function toolToBriefDeclarations(
  tool: Tool,
  source: CatalogSource,
  tokens: number,
): BriefDeclarations {
  const cutNote = "cut to fit";
  const rendered = toolToSignature(tool, source, { tokens, fill: true, cutNote });
  const { signature, types, truncated, missing = [] } = rendered;
  const { description, title = "" } = tool;
  const said = description.trim() === "" ? title : description;
  const comment = docComment(said.length <= maxDescription ? said : `${said.slice(0, maxDescription)}…`);
  const space = toNamespaceName(source.name);
  const groups = tool.segments.slice(0, -1);
  const lines = [
    `interface Tools { ${propertyName(source.name)}: ${space}.Tools }`,
    `declare namespace ${space} {`,
    "interface Tools {",
    ...groups.map((group) => `${propertyName(group)}: {`),
    ...(comment === "" ? [] : [comment]),
    `${propertyName(tool.segments.at(-1) ?? "_")}: ${signature}`,
    ...groups.map(() => "}"),
    "}",
    ...types,
    ...missing.map((name) => `type ${name} = any;`),
    "}",
  ];
  return { text: indentLines(`${lines.join("\n")}\n`), truncated };
}
