/**
 * Finds the workerd executable of the installed package: itself, not the script around it, which would put a
 * second process in between.
 */
import { createRequire } from "node:module";
import { arch, platform } from "node:process";
import { CodemodeError } from "../../errors.ts";

export interface WorkerdBinary {
  readonly path: string;
  /** `workerd 1.20261023.1` */
  readonly build: string;
}

const packages: ReadonlyMap<string, string> = new Map([
  ["linux x64", "@cloudflare/workerd-linux-64"],
  ["linux arm64", "@cloudflare/workerd-linux-arm64"],
  ["darwin x64", "@cloudflare/workerd-darwin-64"],
  ["darwin arm64", "@cloudflare/workerd-darwin-arm64"],
  ["win32 x64", "@cloudflare/workerd-windows-64"],
]);

/** Throws `sandbox_unavailable` when the package has no build for this machine or it is not installed. */
export function findWorkerdBinary(): WorkerdBinary {
  const name = packages.get(`${platform} ${arch}`);
  const hint = 'Use the quickjs engine (sandbox.engine: "quickjs"), which runs on every machine.';
  if (name === undefined) {
    throw new CodemodeError("sandbox_unavailable", `workerd has no build for ${platform} on ${arch}.`, {
      hint,
    });
  }
  try {
    const require = createRequire(import.meta.url);
    const outer = createRequire(require.resolve("workerd/package.json"));
    const manifest: { readonly version: string } = require("workerd/package.json");
    const executable = platform === "win32" ? "bin/workerd.exe" : "bin/workerd";
    return { path: outer.resolve(`${name}/${executable}`), build: `workerd ${manifest.version}` };
  } catch (cause) {
    throw new CodemodeError("sandbox_unavailable", `${name} is not installed.`, { cause, hint });
  }
}
