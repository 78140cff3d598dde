/**
 * The catalog as a tree of files, `servers/<source>/<tool>.ts`, that an agent with a file system explores and
 * imports from. Each file is complete by itself: reading one tells everything that its tool needs.
 */
import type { CatalogSource, Tool } from "../spec/tool.ts";
import { sourceToDeclarations } from "../typegen/source-to-declarations.ts";
import { toNamespaceName } from "../typegen/type-name.ts";
import { stringLiteral } from "../typegen/property-name.ts";
import { toolToFunction } from "../typegen/tool-to-function.ts";
import { createFileNames, type FileNames } from "./file-names.ts";
import type { GeneratedFiles, OutputOptions } from "./output.ts";
import { clientRuntime, clientDeclarations } from "./client-runtime.ts";

export function treeFiles({ catalog, name }: OutputOptions): GeneratedFiles {
  const names = createFileNames();
  const sources = catalog.sources.map((source) => ({ source, file: names.take(source.name) }));
  const files = new Map<string, string>([
    [
      "package.json",
      manifest(
        name,
        sources.map(({ file }) => file),
      ),
    ],
    ["README.md", readme(name, sources)],
    ["client.ts", client],
    ...clientRuntime("client/"),
    ...clientDeclarations("client/"),
  ]);
  for (const { source, file } of sources) {
    files.set(`types/${file}.d.ts`, sourceTypes(source));
    addSource(files, source, `servers/${file}`);
  }
  return files;
}

/** Each source is an entry point with its types, for snippets; every file can be imported by its path. */
function manifest(name: string, sources: readonly string[]): string {
  const entries = sources.map((file) => [
    `./servers/${file}`,
    { types: `./types/${file}.d.ts`, default: `./servers/${file}/index.ts` },
  ]);
  const exports = Object.fromEntries([...entries, ["./*", "./*"]]);
  return `${JSON.stringify({ name, version: "0.0.0", private: true, type: "module", exports }, undefined, 2)}\n`;
}

/** The types of a source's index, where only declarations are read. */
function sourceTypes(source: CatalogSource): string {
  const { text } = sourceToDeclarations(source);
  const space = toNamespaceName(source.name);
  const names = new Set(source.tools.flatMap(({ segments }) => segments[0] ?? []));
  const exported = [...names].map(
    (name) => `export declare const ${name}: ${space}.Tools[${stringLiteral(name)}];`,
  );
  return `${[text.trimEnd(), ...exported, "export {};"].join("\n")}\n`;
}

function addSource(files: Map<string, string>, source: CatalogSource, folder: string): void {
  const folders = new Map<string, Folder>();
  const folderOf = (path: string): Folder => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const made: Folder = { names: createFileNames(["index"]), groups: new Map(), exports: [] };
    folders.set(path, made);
    return made;
  };
  folderOf(folder);
  for (const tool of source.tools) {
    let at = folder;
    const groups = tool.segments.slice(0, -1);
    for (const group of groups) {
      const { names, groups: known, exports } = folderOf(at);
      const name = known.get(group) ?? names.take(group);
      if (!known.has(group)) {
        known.set(group, name);
        exports.push(`export * as ${group} from "./${name}/index.ts";`);
      }
      at = `${at}/${name}`;
    }
    const { names, exports } = folderOf(at);
    const called = tool.segments.at(-1) ?? "_";
    const file = names.take(called);
    exports.push(`export { ${called} } from "./${file}.ts";`);
    files.set(`${at}/${file}.ts`, toolFile(tool, source, { called, up: groups.length + 2 }));
  }
  for (const [path, { exports }] of folders) {
    const about = path === folder && source.title !== undefined ? `// ${stringLiteral(source.title)}\n` : "";
    files.set(`${path}/index.ts`, `${about}${exports.length === 0 ? "export {};" : exports.join("\n")}\n`);
  }
}

interface Folder {
  readonly names: FileNames;
  /** Group → its folder's name. */
  readonly groups: Map<string, string>;
  readonly exports: string[];
}

interface Place {
  /** The function's name. */
  readonly called: string;
  /** Folders up to the tree's root. */
  readonly up: number;
}

function toolFile(tool: Tool, source: CatalogSource, { called, up }: Place): string {
  const { comment, signature, declarations } = toolToFunction(tool, source);
  const imported = called === "callTool" ? "callTool as call" : "callTool";
  const call = called === "callTool" ? "call" : "callTool";
  return [
    `import { ${imported} } from "${"../".repeat(up)}client.ts";`,
    "",
    ...(comment === "" ? [] : [comment]),
    `export async function ${called}${signature} {`,
    `  return ${call}(${stringLiteral(tool.path)}, args);`,
    "}",
    ...declarations.flatMap((each) => ["", each.replace(/^(\/\*\*.*\*\/\n)?/, "$1export ")]),
    "",
  ].join("\n");
}

const client = [
  "/** Calls the tools: inside a snippet directly, elsewhere through the Code Mode server at CODEMODE_URL. */",
  'import { createClient } from "./client/create-client.js";',
  "",
  "const { process, tools } = globalThis as unknown as {",
  "  process?: { env: { [name: string]: string | undefined } };",
  "  tools?: unknown;",
  "};",
  "",
  'const { CODEMODE_URL: url = "http://127.0.0.1:4000/mcp", CODEMODE_TOKEN: token } = process?.env ?? {};',
  "const client = createClient({ url, ...(token === undefined ? {} : { token }) });",
  "",
  "export async function callTool(path: string, args: unknown = {}): Promise<any> {",
  "  if (tools === undefined) return client.call(path, args);",
  '  const tool = path.split(".").reduce((at: any, segment) => at[segment], tools);',
  "  return tool(args);",
  "}",
  "",
].join("\n");

function readme(
  name: string,
  sources: readonly { readonly source: CatalogSource; readonly file: string }[],
): string {
  const rows = sources.map(({ source, file }) => `- \`servers/${file}/\`: ${source.tools.length} tools`);
  const example = sources[0]?.file ?? "source";
  return `# Tools as files

One file for each tool: list a folder, read the files that look right, import their functions. Generated by
\`codemode generate tree\`; generate it again rather than editing it.

${rows.join("\n")}

\`\`\`ts
import * as ${sources[0]?.source.name ?? "source"} from "./servers/${example}/index.ts";
\`\`\`

Run your program with Node.js 22.18 or newer, and with a Code Mode server (\`codemode serve\`) at \`CODEMODE_URL\`
(default \`http://127.0.0.1:4000/mcp\`; a token in \`CODEMODE_TOKEN\`).

Snippets import it as well, once it is installed beside the configuration (\`npm install ./${name}\`) and listed there:
\`"modules": ["${name}/servers/${example}"]\`.
`;
}
