/**
 * Writes what a workerd process boots from: its configuration in Cap'n Proto text with the supervisor and the
 * guest's modules inside, so that the process needs no other file.
 */
import { linkGuest } from "../bridge/link-guest.ts";

export interface WorkerdConfigOptions {
  /** Where the process listens, as seen by the process. */
  readonly socketPath: string;
  /** Megabytes that the JavaScript heap may grow to. */
  readonly heapMb: number;
}

const compatibilityDate = "2026-10-01";
const compatibilityFlags = ["no_nodejs_compat", "no_nodejs_compat_v2"];

let texts: { readonly supervisor: string; readonly guest: string } | undefined;

export function writeConfig({ socketPath, heapMb }: WorkerdConfigOptions): string {
  texts ??= readTexts();
  const flags = compatibilityFlags.map(quote).join(", ");
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "supervisor", worker = .supervisor), (name = "internet", network = (allow = []))],
  sockets = [(name = "bridge", address = ${quote(`unix:${socketPath}`)}, http = (), service = "supervisor")],
  v8Flags = [${quote(`--max-heap-size=${heapMb}`)}],
);
const supervisor :Workerd.Worker = (
  modules = [(name = "supervisor.js", esModule = ${texts.supervisor})],
  compatibilityDate = ${quote(compatibilityDate)},
  compatibilityFlags = [${flags}],
  globalOutbound = "internet",
  bindings = [
    (name = "LOADER", workerLoader = ()),
    (name = "HOP", service = (name = "supervisor", entrypoint = "Hop")),
    (name = "GUEST", json = ${texts.guest}),
  ],
);
`;
}

function readTexts(): { readonly supervisor: string; readonly guest: string } {
  const modules = { "main.js": linkGuest(new URL("./guest/main", import.meta.url)) };
  const guest = { compatibilityDate, compatibilityFlags, mainModule: "main.js", modules };
  const supervisor = linkGuest(new URL("./guest/supervisor", import.meta.url));
  return { supervisor: quote(supervisor), guest: quote(JSON.stringify(guest)) };
}

/** Cap'n Proto reads the escapes that JSON writes, but for `\\u`, which ASCII control characters would need. */
function quote(text: string): string {
  return JSON.stringify(text);
}
