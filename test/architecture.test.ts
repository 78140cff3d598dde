/**
 * Keeps the tree as docs/architecture.md says: who may import whom, no cycles, file names, opening
 * paragraphs, no barrels.
 */
import { readFileSync } from "node:fs";
import { globSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");
const files = globSync("src/**/*.ts", { cwd: root }).sort();
const product = files.filter((file) => !file.endsWith(".test.ts"));

/** Single files at the top that every room may use. */
const everywhere = [
  "errors",
  "call-error",
  "outcome-of-status",
  "nearest",
  "estimate-tokens",
  "match-glob",
  "show-hidden",
  "lookalike-note",
];
const core = ["catalog", "typegen", "check", "search", "policy", "journal", "workspace"];

/** Room → rooms it may import. A room is a path below src/; the longest that fits a file is its room. */
const allowed: { readonly [room: string]: readonly string[] } = {
  spec: ["errors"],
  errors: [],
  "call-error": ["errors"],
  "outcome-of-status": ["call-error"],
  std: [],
  // The only room that starts processes.
  "child-process": [],
  modules: ["spec", "child-process"],
  // Exact numbers: generated packages carry some of it too.
  json: ["spec"],
  nearest: [],
  "estimate-tokens": [],
  "match-glob": [],
  "show-hidden": [],
  "lookalike-note": [],
  schema: ["spec"],
  catalog: ["spec", "schema"],
  typegen: ["spec", "schema"],
  check: ["spec", "schema", "fairness", "child-process"],
  search: ["spec", "schema"],
  // What generated packages carry: it runs anywhere, so it imports nothing but the error class.
  client: ["json"],
  generate: ["spec", "schema", "typegen", "client"],
  policy: ["spec"],
  redact: ["spec"],
  journal: ["spec"],
  workspace: ["spec", "journal"],
  "sandbox/bridge": ["spec"],
  // Who is served next, for whoever has something to share out.
  fairness: [],
  "sandbox/process": ["spec", "fairness", "child-process"],
  "sandbox/session": ["sandbox/bridge", "sandbox/process", "spec"],
  "sandbox/workerd": ["sandbox/bridge", "sandbox/process", "sandbox/session", "spec"],
  "sandbox/quickjs": ["sandbox/bridge", "sandbox/process", "sandbox/session", "spec"],
  // The journal keeps values in the bridge's encoding; of the bridge, a run uses the codec alone.
  run: ["spec", "schema", "json", "sandbox/bridge", "run/render", "fairness", ...core],
  // What a model reads, as pure text: of use to whoever answers one.
  "run/render": ["spec", "json"],
  // What of a source's settings may be shown and kept: the same for every kind.
  "connectors/identity": [],
  "connectors/mcp": ["spec", "schema", "json", "child-process", "redact", "connectors/identity"],
  "connectors/openapi": ["spec", "schema", "json", "redact", "connectors/identity"],
  // Its HTTP tools are operations of an API: sent by the same code, under the same rules.
  "connectors/utcp": [
    "spec",
    "schema",
    "json",
    "child-process",
    "redact",
    "connectors/openapi",
    "connectors/identity",
  ],
  "connectors/functions": ["spec", "schema"],
  codemode: ["codemode-options", "client", "spec", "schema", "run", "fairness", ...core],
  "codemode-options": ["spec", "run", ...core],
  "builtin-names": ["typegen"],
  "listing-to-signatures": ["spec", "catalog", "typegen"],
  "snippet-to-function": ["spec", "run"],
  index: [
    "builtin-names",
    "catalog",
    "codemode",
    "codemode-options",
    "listing-to-signatures",
    "policy",
    "redact",
    "snippet-to-function",
    "spec",
    "journal",
    "workspace",
    "modules",
    "connectors/mcp",
    "connectors/openapi",
    "connectors/utcp",
    "connectors/functions",
    "sandbox/workerd",
    "sandbox/quickjs",
  ],
  // A loaded worker is a run of an engine with a program of its own: no core room is in it.
  loader: ["spec", "run", "sandbox/bridge"],
  "surfaces/mcp": ["index", "json", "run/render"],
  "surfaces/cloudflare": ["index"],
  // The two tools that a model sees are worded once, for every surface.
  "surfaces/ai-sdk": ["index", "surfaces/mcp", "surfaces/cloudflare"],
  "surfaces/http": ["index", "json", "surfaces/mcp"],
  // Inside a server that a program has already.
  "surfaces/embed": ["index", "surfaces/mcp", "surfaces/http", "surfaces/cloudflare"],
  "surfaces/agents": ["index", "surfaces/mcp"],
  "surfaces/cli": ["*"],
};

function roomOf(file: string): string {
  const path = relative("src", file).replace(/\.ts$/, "");
  const rooms = Object.keys(allowed).filter((room) => path === room || path.startsWith(`${room}/`));
  return rooms.sort((a, b) => b.length - a.length)[0] ?? `(no room: ${path})`;
}

/** `valuesOnly` leaves out what is gone when types are: a cycle of types alone is none at run time. */
function importsOf(file: string, valuesOnly = false): string[] {
  const whole = readFileSync(join(root, file), "utf8");
  const text = valuesOnly ? whole.replaceAll(/^(?:import|export) type\b[^;]*;/gm, "") : whole;
  const specifiers = [
    ...text.matchAll(
      /^(?:import|export)\b[^"';]*?from\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
  return specifiers
    .filter((each) => each.startsWith("."))
    .map((each) => relative(root, resolve(root, dirname(file), each)));
}

const graph = new Map(product.map((file) => [file, importsOf(file)]));

describe("the import table", () => {
  it("covers every file", () => {
    expect(product.length).toBeGreaterThan(30);
    expect(product.filter((file) => roomOf(file).startsWith("(no room"))).toEqual([]);
  });

  it("is kept", () => {
    const broken: string[] = [];
    for (const [file, imports] of graph) {
      const room = roomOf(file);
      const may = new Set([room, ...everywhere, ...(allowed[room] ?? [])]);
      for (const target of imports) {
        if (!may.has("*") && !may.has(roomOf(target)))
          broken.push(`${file} (${room}) imports ${target} (${roomOf(target)})`);
      }
    }
    expect(broken).toEqual([]);
  });

  it("has no cycles between files", () => {
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) {
        cycles.push([...path.slice(path.indexOf(file)), file].join(" → "));
        return;
      }
      if (done.has(file)) return;
      for (const next of importsOf(file, true)) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of graph.keys()) visit(file, []);
    expect(cycles).toEqual([]);
  });
});

describe("processes", () => {
  it("are started by one room, which gives them no descriptor by accident", () => {
    const starts =
      /import (?!type\b)[^;]*\b(?:spawn|spawnSync|exec|execSync|execFile|execFileSync|fork)\b[^;]*"node:child_process"/;
    const others = product.filter(
      (file) => roomOf(file) !== "child-process" && starts.test(readFileSync(join(root, file), "utf8")),
    );
    expect(others).toEqual([]);
  });
});

describe("every file", () => {
  it("is named in kebab-case and by no catch-all word", () => {
    const named = files.map((file) => file.split("/").at(-1) ?? "");
    expect(named.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d)?\.ts$/.test(name))).toEqual([]);
    expect(
      files.filter((file) => /(^|\/|-)(utils?|helpers?|common|manager|service|misc)(-|\.|\/)/.test(file)),
    ).toEqual([]);
  });

  it("opens with a paragraph on what it does", () => {
    const silent = product.filter(
      (file) => !/^(#!.*\n)?(\/\/\/[^\n]*\n)*\/\*\*/.test(readFileSync(join(root, file), "utf8")),
    );
    expect(silent).toEqual([]);
  });

  it("is no barrel, but for the published entry points", () => {
    const barrels = product.filter((file) => {
      if (file === "src/index.ts") return false;
      const text = readFileSync(join(root, file), "utf8")
        .replaceAll(/\/\*[\s\S]*?\*\//g, "")
        .trim();
      return (
        text !== "" &&
        text.split("\n").every((line) => /^(export .* from |export \* )/.test(line) || line.trim() === "")
      );
    });
    expect(barrels).toEqual([]);
  });
});
