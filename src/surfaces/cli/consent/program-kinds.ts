/**
 * What programs run besides themselves, as data: the script an interpreter is given, and the files that a runner reads in
 * its folder without being told.
 */

/** Of what these are given, the first file is the program. */
export const interpreters =
  /^(?:node|nodejs|bun|deno|tsx|ts-node|python[\d.]*|pypy[\d.]*|uv|go|ruby|perl|php|lua|java|julia|Rscript|wasmtime|sh|bash|dash|ksh|zsh|fish|pwsh|powershell|cmd|env|sudo|source|\.)(?:\.exe)?$/;
/** What runners read in the folder they start in, without being told. */
export const manifests: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /^(?:npm|npx|pnpm|pnpx|yarn|bun|bunx|corepack)$/,
    ["package.json", ".npmrc", ".yarnrc", ".yarnrc.yml", ".pnpmfile.cjs", "bunfig.toml"],
  ],
  [/^deno$/, ["deno.json", "deno.jsonc"]],
  [/^g?make$/, ["GNUmakefile", "Makefile", "makefile"]],
  [/^just$/, ["justfile", "Justfile", ".justfile"]],
  [/^task$/, ["Taskfile.yml", "Taskfile.yaml"]],
  [
    /^(?:docker|docker-compose|podman)$/,
    [
      "compose.yaml",
      "compose.yml",
      "docker-compose.yml",
      "docker-compose.yaml",
      "docker-compose.override.yml",
      "Dockerfile",
    ],
  ],
  [/^(?:uv|uvx|poetry|pdm|hatch|pipx|rye)$/, ["pyproject.toml", "uv.toml", ".python-version"]],
  [/^cargo$/, ["Cargo.toml", "src/main.rs", "build.rs", ".cargo/config.toml"]],
  [/^(?:bundle|rake)$/, ["Gemfile", "Rakefile"]],
  [/^(?:mise|direnv|nix|nix-shell)$/, ["mise.toml", ".mise.toml", ".envrc", "flake.nix", "shell.nix"]],
];
