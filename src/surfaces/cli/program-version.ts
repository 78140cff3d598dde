/**
 * The version of the package, as its own package.json says.
 */
import { readFileSync } from "node:fs";

const manifest: unknown = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));

export const programVersion = String(
  typeof manifest === "object" && manifest !== null ? Reflect.get(manifest, "version") : "",
);
