/**
 * The files of a QuickJS sandbox process, all that it can read: its own program linked into one module, the
 * guest's harness, and QuickJS itself, under flat names.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { CodemodeError } from "../../errors.ts";
import { linkGuest } from "../bridge/link-guest.ts";

export interface SandboxFiles {
  readonly files: { readonly [name: string]: string | Uint8Array };
  /** `quickjs-ng 0.32.0 …` */
  readonly build: string;
}

const corePackage = "quickjs-emscripten-core";
const variantPackage = "@jitl/quickjs-ng-wasmfile-release-sync";
const typesPackage = "@jitl/quickjs-ffi-types";

/** Import specifier → the file that takes its place. */
const places: readonly (readonly [specifier: string, file: string])[] = [
  [`"${corePackage}"`, '"./core.mjs"'],
  [`"${variantPackage}"`, '"./variant.mjs"'],
  [`"${variantPackage}/emscripten-module"`, '"./emscripten-module.mjs"'],
  [`"${typesPackage}"`, '"./ffi-types.mjs"'],
];

let read: SandboxFiles | undefined;

/** Read once. Throws `sandbox_unavailable` when the packages are not installed. */
export function readSandboxFiles(): SandboxFiles {
  return (read ??= readAll());
}

function readAll(): SandboxFiles {
  try {
    const require = createRequire(import.meta.url);
    const core = dirname(require.resolve(corePackage));
    const variant = dirname(require.resolve(variantPackage));
    const types = dirname(createRequire(join(core, "index.js")).resolve(typesPackage));
    const chunks = readdirSync(core).filter((name) => /^(?:chunk|module)-.*\.mjs$/.test(name));
    const manifest: { readonly version: string } = require(`${variantPackage}/package.json`);
    return {
      build: `quickjs-ng of ${variantPackage} ${manifest.version}, in Node.js ${process.versions.node}`,
      files: {
        "main.mjs": place(linkGuest(new URL("./child/main", import.meta.url))),
        "harness.js": linkGuest(new URL("./guest/main", import.meta.url)),
        "core.mjs": readModule(core, "index.mjs"),
        ...Object.fromEntries(chunks.map((name) => [name, readModule(core, name)])),
        "variant.mjs": readModule(variant, "index.mjs"),
        "ffi.mjs": readModule(variant, "ffi.mjs"),
        "emscripten-module.mjs": readModule(variant, "emscripten-module.mjs"),
        "emscripten-module.wasm": readFileSync(join(variant, "emscripten-module.wasm")),
        "ffi-types.mjs": readModule(types, "index.mjs"),
      },
    };
  } catch (cause) {
    throw new CodemodeError("sandbox_unavailable", "QuickJS is not installed.", {
      cause,
      hint: `Install ${corePackage} and ${variantPackage} again.`,
    });
  }
}

function readModule(folder: string, name: string): string {
  return place(readFileSync(join(folder, name), "utf8").replace(/^\/\/# sourceMappingURL=.*$/m, ""));
}

function place(text: string): string {
  return places.reduce((placed, [specifier, file]) => placed.replaceAll(specifier, file), text);
}
