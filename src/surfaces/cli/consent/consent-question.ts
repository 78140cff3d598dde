/**
 * The question whether a configuration that came with a folder may be used: every setting that may start a program, read
 * a file, send a secret or loosen the rules, whole, and every address that secrets would go to.
 */
import type { Config } from "../config/config-schema.ts";
import { classifySettings, type Setting } from "./classify-settings.ts";
import type { RunFiles } from "./find-run-files.ts";
import { describeSecrets } from "./describe-secrets.ts";
import { visibleText } from "./visible-text.ts";

export interface ConsentSubject {
  readonly file: string;
  /** How it was found: `was found in the working folder`. */
  readonly found: string;
  readonly config: Config;
  /** The folder of the file. */
  readonly folder: string;
  readonly files: RunFiles;
}

const headings: readonly (readonly [Setting["kind"], string])[] = [
  ["start", "start programs, as you:"],
  ["read", "read or write files:"],
  ["send", "connect to addresses, and send what stands here:"],
  ["loosen", "change what is asked, watched and kept:"],
  ["other", "and also set:"],
];

export async function consentQuestion({
  file,
  found,
  config,
  folder,
  files,
}: ConsentSubject): Promise<string> {
  const settings = classifySettings(config);
  const secrets = await describeSecrets(config, folder);
  const blocks = headings.flatMap(([kind, heading]) => {
    const lines = settings.filter((each) => each.kind === kind).map(toLine);
    return lines.length === 0 ? [] : [`  ${heading}`, ...lines];
  });
  return [
    `${visibleText(file)} ${found}. It would`,
    ...blocks,
    ...(secrets.length === 0
      ? []
      : ["  hand on from your environment:", ...secrets.map((each) => `    ${visibleText(each)}`)]),
    ...(files.paths.length === 0
      ? []
      : [
          "Its programs run these files of the folder, and you are asked again when one changes:",
          ...files.paths.map((path) => `    ${visibleText(path)}`),
        ]),
    ...(files.complete ? [] : ["    … and more than can be watched: changes in those will not be noticed."]),
    "Agree to this file as it is now?",
  ].join("\n");
}

function toLine({ field, value }: Setting): string {
  return `    ${visibleText(field)}: ${visibleText(toText(value))}`;
}

/** A text as it is where it is plain, anything else as JSON on one line; never cut. */
function toText(value: unknown): string {
  return typeof value === "string" && value !== "" && !/^\s|\s$|\n/.test(value)
    ? value
    : JSON.stringify(value);
}
