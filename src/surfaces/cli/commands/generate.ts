/**
 * `codemode generate`: the catalog as a package, a skill, a file tree, a program or a document.
 */
import { basename, resolve } from "node:path";
import { catalogBelow } from "../../../catalog/catalog-below.ts";
import { toIdentifier } from "../../../catalog/to-identifier.ts";
import { CodemodeError } from "../../../errors.ts";
import { generateFiles } from "../../../generate/generate-files.ts";
import { outputKinds } from "../../../generate/output.ts";
import { writeFiles } from "../../../generate/write-files.ts";
import { nearest } from "../../../nearest.ts";
import type { Codemode } from "../../../spec/codemode.ts";
import type { Catalog } from "../../../spec/tool.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { exitCodes } from "../exit-codes.ts";
import { awaitSources } from "../show-sources.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description: "Make a package, a skill, a file tree, a program or a document of the tools",
  examples: [
    "codemode generate sdk --out ./github-sdk --source github",
    "codemode generate skill --out ~/.claude/skills/our-tools",
    "codemode generate tree --out ./servers",
    "codemode generate cli --out ./mytools --name mytools",
    "codemode generate openapi --out ./api",
  ],
  args: {
    kind: { type: "positional", required: true, description: outputKinds.join(", ") },
    out: {
      type: "string",
      required: true,
      valueHint: "folder",
      description: "A new or empty folder, or one that was generated before",
    },
    source: {
      type: "string",
      valueHint: "path,…",
      description: "Only these sources, groups or tools. Default: all",
    },
    name: {
      type: "string",
      description: "What the package, skill or program is called. Default: the folder's name",
    },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ kind, out, source, name, config, json, log }, context) => {
    const known = outputKinds.find((each) => each === kind);
    if (known === undefined) {
      const meant = nearest(kind, outputKinds, 1)[0];
      throw new CodemodeError("usage", `${JSON.stringify(kind)} is nothing that can be generated.`, {
        hint: meant === undefined ? `Write one of ${outputKinds.join(", ")}.` : `Did you mean ${meant}?`,
      });
    }
    const folder = resolve(context.workingFolder, out);
    const called = toOutputName(name, folder);
    const { terminal, signal } = context;
    return withCodemode(context, { config, log, dial: "background" }, async ({ codemode }) => {
      const whole = await awaitSources(codemode, { terminal, signal });
      const paths = source?.split(",").map((path) => path.trim().replace(/^tools\./, ""));
      refuseMissing(codemode, paths);
      const catalog = paths === undefined ? whole : onlyBelow(whole, paths);
      const files = generateFiles(known, { catalog, name: called });
      const outcome = await writeFiles({ kind: known, files, folder, version: catalog.version });
      if (json === true) terminal.out(`${JSON.stringify({ kind: known, folder, ...outcome })}\n`);
      else {
        const { written, removed, unchanged } = outcome;
        terminal.out(`${folder}\n`);
        terminal.err(
          `${written.length} files written, ${unchanged.length} as they were, ${removed.length} removed\n`,
        );
      }
      return exitCodes.completed;
    });
  },
});

/** Throws `usage`. */
function toOutputName(given: string | undefined, folder: string): string {
  if (given === undefined) {
    const words = basename(folder)
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? ["tools"];
    return words.join("-").slice(0, 64).replace(/-$/, "");
  }
  if (given.length <= 64 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(given)) return given;
  throw new CodemodeError(
    "usage",
    `--name must be lower case words joined by hyphens, not ${JSON.stringify(given)}.`,
    {
      hint: "Write at most 64 letters, digits and single hyphens: our-tools.",
    },
  );
}

/** What is generated while a source is away would lack its tools without saying so. */
function refuseMissing(codemode: Codemode, paths: readonly string[] | undefined): void {
  for (const { name, status } of codemode.sources()) {
    const asked = paths === undefined || paths.some((path) => path.split(".")[0] === toIdentifier(name));
    if (status.state !== "failed" || !asked) continue;
    throw new CodemodeError(
      "source_unavailable",
      `The source "${name}" has failed: ${status.reason ?? "no reason given"}`,
      {
        hint: "Mend it (codemode doctor), or name the other sources: --source a,b.",
      },
    );
  }
}

/** The tools below any of the paths. Throws `tool_not_found`. */
function onlyBelow(catalog: Catalog, paths: readonly string[]): Catalog {
  const chosen = new Set(paths.flatMap((path) => [...catalogBelow(catalog, path).tools.keys()]));
  const sources = catalog.sources.flatMap((source) => {
    const tools = source.tools.filter(({ path }) => chosen.has(path));
    return tools.length === 0 ? [] : [{ ...source, tools }];
  });
  return {
    version: catalog.version,
    sources,
    tools: new Map([...catalog.tools].filter(([path]) => chosen.has(path))),
  };
}
