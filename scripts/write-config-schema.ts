/**
 * Writes the JSON Schema of `codemode.json` from the shape that the program itself checks, for editors.
 * Run by `npm run build`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { configToJsonSchema } from "../src/surfaces/cli/config/config-to-json-schema.ts";

const file = resolve(import.meta.dirname, "../schema/codemode.schema.json");
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(configToJsonSchema(), null, 2)}\n`);
