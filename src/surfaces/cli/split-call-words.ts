/**
 * Parts the words of `codemode call` into those of the command and those of the tool: what is no flag of the
 * command, and everything after `--`, is the tool's.
 */
import { CodemodeError } from "../../errors.ts";

export interface CallWords {
  /** The tool's path and the command's own flags. */
  readonly own: readonly string[];
  readonly tool: readonly string[];
}

const withValue = new Set(["--args", "--config", "--log"]);
const alone = new Set(["--json"]);

/** Throws `usage` when a flag of the tool comes before its path: nobody could tell its value from the path. */
export function splitCallWords(words: readonly string[]): CallWords {
  const own: string[] = [];
  const tool: string[] = [];
  let path: string | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word === "--") {
      tool.push(...words.slice(at + 1));
      break;
    }
    const name = word.split("=", 1)[0] ?? "";
    if (alone.has(word) || (withValue.has(name) && name !== word)) own.push(word);
    else if (withValue.has(word)) own.push(...words.slice(at, (at += 1) + 1));
    else if (path !== undefined) tool.push(word);
    else if (word.startsWith("-"))
      throw new CodemodeError("usage", `${name} comes before the tool's path.`, {
        hint: "Write codemode call <path> [flags].",
      });
    else {
      path = word;
      own.push(word);
    }
  }
  return { own, tool };
}
