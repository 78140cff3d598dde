/**
 * The client as files of a generated package: JavaScript, and the types that it is used by.
 */
import { clientScript, jsonScript, clientTypes, errorsScript } from "./client-files.ts";

/** The modules of `src/client` that calls are made with, and those of `src/json` that they import. */
const clientModules = ["create-client", "create-tools-proxy", "document-to-result", "mcp-endpoint"];
const jsonModules = ["print-exact", "restore-integers"];

/** The client's modules below a folder. */
export function clientRuntime(folder: string): [string, string][] {
  return [
    ...clientModules.map((each): [string, string] => [`${folder}${each}.js`, clientScript(each)]),
    ...jsonModules.map((each): [string, string] => [`${folder}${each}.js`, jsonScript(each)]),
    [`${folder}errors.js`, errorsScript()],
    [`${folder}client-types.d.ts`, clientTypes("client-types")],
  ];
}

/** Types of the two modules that generated code imports. */
export function clientDeclarations(folder: string): [string, string][] {
  return [
    [`${folder}errors.d.ts`, errorTypes],
    [`${folder}create-client.d.ts`, createClientTypes],
  ];
}

/** Written out: the class itself takes its codes from a table that is of no use to others. */
const errorTypes = `/** What a call that has no result throws. */
export declare class CodemodeError extends Error {
  readonly name: "CodemodeError";
  /** One of the codes in Codemode's docs/errors.md. */
  readonly code: string;
  /** The next step. */
  readonly hint?: string;
  /** Position in a program given to \`execute\`; one-based. */
  readonly line?: number;
  readonly column?: number;
  /** \`{ runId }\` of the run, and what is \`pending\` when it waits for a person. */
  readonly data?: unknown;
}
`;

const createClientTypes = [
  'import type { Client, ClientOptions } from "./client-types.js";',
  "",
  "/** Calls go through a Code Mode server (`{ url, token? }`) or a `Codemode` in this process (`{ codemode }`). */",
  "export declare function createClient<Tools = { readonly [source: string]: any }>(",
  "  options: ClientOptions,",
  "): Client<Tools>;",
  "",
].join("\n");
