/**
 * Says in plain words what a sandbox that is weaker than the README promises can see. Nothing where it is as strong.
 */
import { isolationLevels, type IsolationLevel } from "../../spec/engine.ts";

export function sandboxWarning({
  level,
  missing,
}: {
  readonly level: IsolationLevel;
  readonly missing: readonly string[];
}): string | undefined {
  if (level === "jailed") return undefined;
  const hasNetwork = isolationLevels.indexOf(level) < isolationLevels.indexOf("namespaced");
  const open = hasNetwork ? "this machine's files and network" : "files of this machine";
  return [
    `Snippets run at isolation "${level}": programs that break out of the engine could see ${open}.`,
    ...missing.map((sentence) => `  ${sentence}`),
    '  To refuse to start like this, set "sandbox": { "require": "jailed" }.',
  ].join("\n");
}
