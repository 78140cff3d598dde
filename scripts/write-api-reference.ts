/**
 * Writes the API reference from the built declarations: `node scripts/write-api-reference.ts [folder]`, after a build.
 * One page for each entry point of the package, every export with its words and its declaration. Names the functions
 * and values that have no words, and fails then.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { SymbolFlags, API, type Project, type Symbol as NativeSymbol } from "typescript/unstable/async";

const root = resolve(import.meta.dirname, "..");
const folder = resolve(process.argv[2] ?? join(root, "docs/api"));

interface Manifest {
  readonly name: string;
  readonly exports: { readonly [entry: string]: string | { readonly types: string } };
}

interface Exported {
  readonly name: string;
  readonly words: string;
  readonly declaration: string;
  /** Something to call or to read: what it is for does not follow from its members. */
  readonly isValue: boolean;
}

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const entries = Object.entries(manifest.exports).flatMap(([entry, target]) =>
  typeof target === "string"
    ? []
    : [{ name: entry.replace(/^\./, manifest.name), file: join(root, target.types) }],
);

const config = join(root, "tsconfig.api.json");
const compilerOptions = {
  target: "es2024",
  module: "nodenext",
  types: ["node"],
  skipLibCheck: true,
  noEmit: true,
};
const api = new API({
  cwd: root,
  fs: {
    // What is not answered here is looked up on the disk.
    readFile: (path) =>
      path === config
        ? JSON.stringify({ compilerOptions, files: entries.map(({ file }) => file) })
        : undefined,
    fileExists: (path) => (path === config ? true : undefined),
  },
});
const values = SymbolFlags.Function | SymbolFlags.Variable | SymbolFlags.Class;
const wordless: string[] = [];
try {
  const snapshot = await api.updateSnapshot({ openProjects: [config] });
  const project = snapshot.getProject(config);
  if (project === undefined) throw new Error("The declarations cannot be read: run the build first.");
  mkdirSync(folder, { recursive: true });
  for (const { name, file } of entries) {
    const exported = await exportsOf(project, file);
    wordless.push(
      ...exported
        .filter(({ words, isValue }) => isValue && words === "")
        .map((each) => `${name}: ${each.name}`),
    );
    writeFileSync(join(folder, `${name.replaceAll("/", "-")}.md`), toPage(name, exported));
  }
} finally {
  await api.close();
}
for (const each of wordless) console.error(`${each} has no docstring.`);
if (wordless.length > 0) process.exitCode = 1;

async function exportsOf(project: Project, file: string): Promise<Exported[]> {
  const source = await project.program.getSourceFile(file);
  const module = source === undefined ? undefined : await project.checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} exports nothing.`);
  const symbols = [...(await module.getExports()).values()];
  const exported = await Promise.all(symbols.map((symbol) => toExported(project, symbol)));
  return exported.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function toExported(project: Project, symbol: NativeSymbol): Promise<Exported> {
  const { checker } = project;
  const own = (symbol.flags & SymbolFlags.Alias) === 0 ? symbol : await checker.getAliasedSymbol(symbol);
  const nodes = await Promise.all(own.declarations.map((declaration) => declaration.resolve(project)));
  const texts = nodes.map((node) => {
    const text = node?.getSourceFile().text.slice(node.pos, node.end) ?? "";
    return text.replace(/^(?:\s|\/\*[^]*?\*\/)*/, "").trim();
  });
  return {
    name: symbol.name,
    words: (await own.getDocumentationComment(checker)).trim(),
    declaration: texts.join("\n"),
    isValue: (own.flags & values) !== 0,
  };
}

function toPage(name: string, exported: readonly Exported[]): string {
  const sections = exported.map((each) =>
    [`## \`${each.name}\``, each.words, `\`\`\`ts\n${each.declaration}\n\`\`\``]
      .filter((part) => part !== "")
      .join("\n\n"),
  );
  return `${[`# \`${name}\``, ...sections].join("\n\n")}\n`;
}
