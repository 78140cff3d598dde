/**
 * The main module inside a QuickJS machine: adds the web APIs that QuickJS has none of, and hands the host's
 * messages to the harness. The process around it calls `receive`, runs all jobs, and then `turn`, so that one
 * message is one macrotask.
 */
import { createHarness } from "../../bridge/guest/harness.ts";
import { installBase64 } from "./base64-globals.ts";
import { installDigest } from "./digest.ts";
import { settleGlobals, guardLanguage } from "./guard-language.ts";
import { installRefusals } from "./install-refusals.ts";
import { installClone } from "./structured-clone.ts";
import { installTextCoding } from "./text-coding.ts";
import { installUrl } from "./url.ts";

const machineHost = globalThis.host;
const later: (() => void)[] = [];

installTextCoding();
installBase64();
installClone();
installUrl(machineHost);
installDigest(machineHost);
installRefusals();

const harness = createHarness({
  send: (message) => machineHost.send(message),
  importSnippet: () => {
    settleGlobals();
    guardLanguage();
    return import("snippet.js");
  },
  macrotask: (task) => void later.push(task),
});

export default {
  receive: harness.receive,
  /** Runs what was put off; true when there was anything. */
  turn(): boolean {
    const tasks = later.splice(0);
    for (const task of tasks) task();
    return tasks.length > 0;
  },
};
