/** The API reference is written from the declarations, and every function and value in it has words. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";

const root = join(import.meta.dirname, "../..");

it("has a page for each entry point, and words for everything to call", async () => {
  const folder = mkdtempSync(join(tmpdir(), "api-reference-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // Throws with the names of those that have none.
  await promisify(execFile)(process.execPath, [join(root, "scripts/write-api-reference.ts"), folder]);
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { exports: object };
  const entries = Object.entries(exports).filter(([, target]) => typeof target === "object");
  expect(readdirSync(folder)).toHaveLength(entries.length);
  const page = readFileSync(join(folder, "codemode.md"), "utf8");
  expect(page).toContain("## `createCodemode`");
  expect(page).toContain("export declare function createCodemode<");
}, 60_000);
