/**
 * The key that was probably meant: what other clients call the same thing, or what is written nearly so.
 */
import { nearest } from "../../../nearest.ts";

/** Keys of entries in the words of other clients. */
const aliases: { readonly [key: string]: string } = {
  serverUrl: "url",
  httpUrl: "url",
  uri: "url",
  endpoint: "url",
  cmd: "command",
  program: "command",
  executable: "command",
  arguments: "args",
  argv: "args",
  environment: "env",
  workingDirectory: "cwd",
  workdir: "cwd",
  transport: "type",
  transportType: "type",
  document: "spec",
  openapi: "spec",
  file: "spec",
};

export function meantKey(key: string, known: readonly string[]): string | undefined {
  const alias = Object.hasOwn(aliases, key) ? aliases[key] : undefined;
  if (alias !== undefined && known.includes(alias)) return alias;
  return nearest(key, known, 1)[0];
}
