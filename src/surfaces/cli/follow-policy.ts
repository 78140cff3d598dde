/**
 * Lets a changed policy count in a server that is running: from a second after the file has changed, the policy in it
 * counts beside the one that the server was started with, and the stricter answer of both holds. Nothing is ever
 * loosened under a running server, by whoever can write the file; that, and all else in it, takes a restart, and the log
 * says so.
 */
import { readFile } from "node:fs/promises";
import { unwatchFile, watchFile } from "node:fs";
import { toCodemodeError } from "../../errors.ts";
import { toPolicy } from "../../policy/to-policy.ts";
import type { Policy } from "../../spec/policy.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import { parseConfig } from "./config/parse-config.ts";
import type { Log } from "./create-log.ts";

/** A network file system gives no events; looking costs one `stat`. */
const lookMs = 1_000;

export interface FollowedPolicy extends Disposable {
  /** The policy of the file as it is now; it lets everything through while the file is as it was. */
  readonly policy: Policy;
}

export function followPolicy({ file, source, config }: LoadedConfig, log: Log): FollowedPolicy {
  const began = JSON.stringify(config.policy);
  let known = source;
  let present: Policy = () => ({ decision: "allow", reason: "" });
  const look = async (): Promise<void> => {
    try {
      const text = await readFile(file, "utf8");
      if (text === known) return;
      known = text;
      const { policy } = parseConfig(text, file).config;
      present = toPolicy(policy ?? "ask-writes");
      const counts =
        JSON.stringify(policy) === began
          ? "its policy is the one this server began with"
          : "its policy counts from now on where it is stricter than the one this server began with; what it loosens counts after a restart";
      log.warn(
        { file },
        `the configuration has changed: ${counts}; everything else in it counts after a restart`,
      );
    } catch (thrown) {
      known = "";
      const { code, message } = toCodemodeError(thrown);
      log.error(
        { file, code, reason: message },
        "the configuration has changed and cannot be read: the policy stays what it was",
      );
    }
  };
  const listener = (): void => void look();
  watchFile(file, { interval: lookMs, persistent: false }, listener);
  // What was written between the reading of the file and now is seen as well.
  void look();
  return {
    policy: (request) => present(request),
    [Symbol.dispose]: () => unwatchFile(file, listener),
  };
}
