/**
 * Finds the one configuration file in force: `--config`, then the working folder, then the user's config
 * folder. Says where it was found, since that decides about consent; reads nothing of it.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { CodemodeError } from "../../../errors.ts";

export const configFileName = "codemode.json";

/** `flag` and `user` are the user's own word; `folder` came with whatever is in the working folder. */
export type ConfigOrigin = "flag" | "folder" | "user";

export interface FoundConfig {
  readonly file: string;
  readonly origin: ConfigOrigin;
}

export interface ConfigPlaces {
  readonly flag?: string | undefined;
  readonly workingFolder: string;
  readonly userConfigFolder: string;
}

/** Throws `config_not_found` with every place that was looked at. */
export function findConfig({ flag, workingFolder, userConfigFolder }: ConfigPlaces): FoundConfig {
  if (flag !== undefined) {
    const file = resolve(workingFolder, flag);
    if (existsSync(file)) return { file, origin: "flag" };
    throw new CodemodeError("config_not_found", `There is no file ${file}, which --config names.`, {
      hint: "Check the path, or write a config with `codemode init`.",
      data: { looked: [file] },
    });
  }
  const inFolder = join(workingFolder, configFileName);
  if (existsSync(inFolder)) return { file: inFolder, origin: "folder" };
  const ofUser = join(userConfigFolder, configFileName);
  if (existsSync(ofUser)) return { file: ofUser, origin: "user" };
  throw new CodemodeError(
    "config_not_found",
    `There is no configuration: neither ${inFolder} nor ${ofUser} exists.`,
    {
      hint: "Write one with `codemode init`, or name one with --config.",
      data: { looked: [inFolder, ofUser] },
    },
  );
}
