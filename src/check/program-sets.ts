/**
 * The programs a warm checker keeps open: one for each set of sources, so that a snippet that names the
 * same sources as one before it finds everything parsed and bound. A snippet is checked as JavaScript by
 * JavaScript's rules (an object may grow, a parameter needs no type) and, where it uses TypeScript's syntax,
 * as TypeScript.
 */
import { createHash, randomUUID } from "node:crypto";
import { parse } from "acorn";
import type { Diagnostic as NativeDiagnostic, Project, Snapshot } from "typescript/unstable/async";
import type { Declarations } from "../spec/check.ts";
import type { CheckerProcess } from "./checker-process.ts";
import type { VirtualFiles } from "./virtual-files.ts";

/** A set of sources opened in the checker. */
export interface ProgramSet {
  readonly config: string;
  readonly javascript: string;
  readonly typescript: string;
}

/** What the checker found in one snippet, while its snapshot is open. */
export interface Findings {
  readonly diagnostics: readonly NativeDiagnostic[];
  /** The file checked: the snippet read as JavaScript or as TypeScript. */
  readonly file: string;
  readonly project: Project;
}

export interface ProgramSetsOptions {
  readonly files: VirtualFiles;
  /** Files that belong to every program. */
  readonly base: readonly string[];
}

/** Sets kept open at once; the one unused for longest goes first. */
const maxOpen = 12;
const emptySnippet = "export default async () => {\n}";

const compilerOptions = {
  target: "esnext",
  module: "esnext",
  moduleResolution: "bundler",
  moduleDetection: "force",
  noLib: true,
  noResolve: true,
  types: [],
  allowJs: true,
  checkJs: true,
  noEmit: true,
  skipLibCheck: true,
  // Only null checks of what `strict` means: without them `if (promise)` is not seen. See diagnostic-rules.ts.
  strict: false,
  strictNullChecks: true,
};

export class ProgramSets {
  readonly #process: CheckerProcess;
  readonly #options: ProgramSetsOptions;
  /** In order of use, the latest last. */
  readonly #open = new Map<string, ProgramSet>();
  readonly #sources = new Map<string, string>();
  /** Set folders bear a name nobody can guess: no snippet may refer to another's text. */
  readonly #folder = randomUUID();
  /** Files whose text may change what others mean. */
  #outspoken: readonly string[] = [];
  #last: Snapshot | undefined;

  constructor(process: CheckerProcess, options: ProgramSetsOptions) {
    this.#process = process;
    this.#options = options;
  }

  /** Opens what is not open yet: the costly part, done once for each set of sources and versions. */
  async open(declarations: readonly Declarations[]): Promise<ProgramSet> {
    const sources = declarations.map((each) => this.#sourceFile(each)).sort();
    const key = createHash("sha256").update(sources.join("\n")).digest("hex").slice(0, 16);
    const known = this.#open.get(key);
    if (known !== undefined) {
      this.#open.delete(key);
      this.#open.set(key, known);
      return known;
    }
    const { files, base } = this.#options;
    // Each in a folder that nobody can guess: what one run left in the one is never found from the other.
    const path = (name: string): string => files.path(`${this.#folder}/${randomUUID()}/${name}`);
    const set: ProgramSet = {
      config: path("tsconfig.json"),
      javascript: path("snippet.js"),
      typescript: path("typed.ts"),
    };
    files.write(set.javascript, emptySnippet);
    files.write(set.typescript, emptySnippet);
    const members = [...base, ...sources, set.javascript, set.typescript];
    files.write(set.config, JSON.stringify({ compilerOptions, files: members }));
    this.#open.set(key, set);
    const closed = this.#closeOldest();
    await this.#update({ openProjects: [set.config], closeProjects: closed });
    return set;
  }

  /** Checks one snippet. One at a time: the next call closes the findings of the one before. */
  async check(set: ProgramSet, code: string): Promise<Findings> {
    const text = neutraliseDirectives(code);
    if (isJavaScript(text)) {
      const found = await this.#diagnose(set, set.javascript, text);
      if (!found.diagnostics.some(({ code: number }) => needsTypeScript(number))) return found;
    }
    return this.#diagnose(set, set.typescript, text);
  }

  /** The checker updates a program in which one file has changed in half the time of one with two. */
  async #diagnose(set: ProgramSet, file: string, text: string): Promise<Findings> {
    const { files } = this.#options;
    const reset = this.#outspoken.filter((each) => each !== file);
    for (const each of reset) files.write(each, emptySnippet);
    files.write(file, text);
    this.#outspoken = speaksForAll(text) ? [file] : [];
    const snapshot = await this.#update({ fileChanges: { changed: [file, ...reset] } });
    const project = snapshot.getProject(set.config);
    if (project === undefined) throw new Error(`The checker lost the program ${set.config}.`);
    const [syntactic, semantic] = await Promise.all([
      project.program.getSyntacticDiagnostics(file),
      project.program.getSemanticDiagnostics(file),
    ]);
    return { diagnostics: [...syntactic, ...semantic], file, project };
  }

  async #update(change: Parameters<CheckerProcess["api"]["updateSnapshot"]>[0]): Promise<Snapshot> {
    const snapshot = await this.#process.api.updateSnapshot(change);
    this.#last?.dispose().catch(() => undefined);
    this.#last = snapshot;
    return snapshot;
  }

  #sourceFile(declarations: Declarations): string {
    const id = createHash("sha256")
      .update(`${declarations.source}\0${declarations.version}`)
      .digest("hex")
      .slice(0, 24);
    const path = this.#sources.get(id) ?? this.#options.files.path(`${this.#folder}/sources/${id}.d.ts`);
    if (!this.#sources.has(id)) this.#options.files.write(path, declarations.text);
    this.#sources.set(id, path);
    return path;
  }

  #closeOldest(): string[] {
    const closed: string[] = [];
    for (const [key, set] of this.#open) {
      if (this.#open.size <= maxOpen) break;
      this.#open.delete(key);
      closed.push(set.config);
      const paths = [set.config, set.javascript, set.typescript];
      this.#outspoken = this.#outspoken.filter((path) => !paths.includes(path));
      for (const path of paths) this.#options.files.remove(path);
    }
    return closed;
  }
}

/** What is surely no TypeScript; a generic call may still be one (`new Map<string, number>()` compares). */
function isJavaScript(text: string): boolean {
  try {
    parse(text, { ecmaVersion: "latest", sourceType: "module" });
    return true;
  } catch {
    return false;
  }
}

/** Declarations of globals and modules hold for the whole program: they must not outlive their snippet. */
function speaksForAll(text: string): boolean {
  return /\b(?:declare|global|globalThis|namespace|module|prototype)\b|\\u/.test(text);
}

/** Syntax errors, "only in TypeScript files", and a type where JavaScript has a value (`new Map<string, …>()`). */
function needsTypeScript(code: number): boolean {
  return (
    (code >= 1_000 && code < 2_000) || (code >= 8_000 && code < 9_000) || code === 2_693 || code === 2_749
  );
}

/** Comments that command the checker (`// @ts-nocheck`, JSDoc types) are the snippet's words, not orders. */
function neutraliseDirectives(code: string): string {
  return code.replaceAll("@ts-", "@ts_").replaceAll(/\/\*\*(?!\/)/g, "/* ");
}
