/** Counts what TypeScript finds wrong with declarations under `strict`, without skipping libraries. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const tsc = join(import.meta.dirname, "../../node_modules/typescript/bin/tsc");
const options = [
  "--noEmit",
  "--strict",
  "--skipLibCheck",
  "false",
  "--lib",
  "es2024",
  "--types",
  "",
  "--pretty",
  "false",
];

export interface CompileResult {
  readonly errors: number;
  readonly first?: string;
  readonly ms: number;
}

export function compileErrors(files: { readonly [name: string]: string }): CompileResult {
  const folder = mkdtempSync(join(tmpdir(), "codemode-bench-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const began = performance.now();
    const args = [tsc, ...options, ...Object.keys(files)];
    const { stdout } = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 2 ** 30,
    });
    const errors = stdout.split("\n").filter((line) => line.includes(": error TS"));
    const [first] = errors;
    return {
      errors: errors.length,
      ms: performance.now() - began,
      ...(first !== undefined && { first: first.slice(0, 200) }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
