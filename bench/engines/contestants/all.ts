/** Every contestant by its key, loaded when it is measured: each in a process of its own. */
import type { Contestant } from "../contestant.ts";

export const contestants: { readonly [key: string]: () => Promise<Contestant | undefined> } = {
  workerd: async () => (await own())("**codemode, workerd**", "createWorkerdEngine", true),
  "workerd-single-use": async () =>
    (await own())("**codemode, workerd, single use**", "createWorkerdEngine", false),
  quickjs: async () => (await own())("**codemode, quickjs**", "createQuickJsEngine", true),
  "quickjs-single-use": async () =>
    (await own())("**codemode, quickjs, single use**", "createQuickJsEngine", false),
  cloudflare: async () => (await import("./cloudflare.ts")).cloudflare,
  utcp: async () => (await import("./utcp.ts")).utcp,
  "tanstack-node": async () => (await import("./tanstack.ts")).createTanstack("@tanstack/ai-isolate-node"),
  "tanstack-quickjs": async () =>
    (await import("./tanstack.ts")).createTanstack("@tanstack/ai-isolate-quickjs"),
  "isolated-vm": async () => (await import("./isolated-vm.ts")).isolatedVm,
  "child-process": async () => (await import("./child-process.ts")).childProcess,
  "node-vm": async () => (await import("./node-vm.ts")).nodeVm,
};

async function own() {
  return (await import("./codemode.ts")).createOwn;
}
