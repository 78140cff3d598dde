/**
 * Finds the one configuration file in force: `--config`, then the working folder, then the user's config
 * folder. Says where it was found, since that decides about consent; reads nothing of it.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { CodemodeError } from "../../../errors.ts";

export const configFileName = "codemode.json";

/**
 * `flag` and `user` are the user's own word; `folder` came with whatever is in the working folder, and `run` is what a run
 * was begun with, as its record says.
 */
export type ConfigOrigin = "flag" | "folder" | "user" | "run";

export interface FoundConfig {
  readonly file: string;
  readonly origin: ConfigOrigin;
}

export interface ConfigPlaces {
  readonly flag?: string | undefined;
  readonly workingFolder: string;
  readonly userConfigFolder: string;
  /** What the run that a command is about was begun with. */
  readonly recorded?: string | undefined;
}

/** Throws `config_not_found` with every place that was looked at. */
export function findConfig({ flag, workingFolder, userConfigFolder, recorded }: ConfigPlaces): FoundConfig {
  if (flag !== undefined) {
    const file = resolve(workingFolder, flag);
    if (existsSync(file)) return { file, origin: "flag" };
    throw new CodemodeError("config_not_found", `There is no file ${file}, which --config names.`, {
      hint: "Check the path, or write a config with `codemode init`.",
      data: { looked: [file] },
    });
  }
  const inFolder = join(workingFolder, configFileName);
  const ofUser = join(userConfigFolder, configFileName);
  if (recorded !== undefined && recorded !== inFolder && recorded !== ofUser && existsSync(recorded))
    return { file: recorded, origin: "run" };
  if (recorded !== ofUser && existsSync(inFolder)) return { file: inFolder, origin: "folder" };
  if (existsSync(ofUser)) return { file: ofUser, origin: "user" };
  if (existsSync(inFolder)) return { file: inFolder, origin: "folder" };
  if (recorded !== undefined) throw gone(recorded, [inFolder, ofUser]);
  throw new CodemodeError(
    "config_not_found",
    `There is no configuration: neither ${inFolder} nor ${ofUser} exists.`,
    {
      hint: "Write one with `codemode init`, or name one with --config.",
      data: { looked: [inFolder, ofUser] },
    },
  );
}

function gone(recorded: string, looked: readonly string[]): CodemodeError {
  return new CodemodeError("config_not_found", `The run was begun with ${recorded}, which is gone.`, {
    hint: "Name the configuration with --config.",
    data: { looked: [recorded, ...looked] },
  });
}
