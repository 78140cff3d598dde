/**
 * The commands by name, in the order of the help. Each is loaded only when it is used.
 */
import type { CliCommand } from "./cli-command.ts";

const loaders: { readonly [name: string]: () => Promise<{ readonly default: CliCommand }> } = {
  serve: () => import("./commands/serve.ts"),
  run: () => import("./commands/run.ts"),
  call: () => import("./commands/call.ts"),
  check: () => import("./commands/check.ts"),
  search: () => import("./commands/search.ts"),
  describe: () => import("./commands/describe.ts"),
  tools: () => import("./commands/tools.ts"),
  types: () => import("./commands/types.ts"),
  generate: () => import("./commands/generate.ts"),
  runs: () => import("./commands/runs.ts"),
  show: () => import("./commands/show.ts"),
  approvals: () => import("./commands/approvals.ts"),
  approve: () => import("./commands/approve.ts"),
  answer: () => import("./commands/answer.ts"),
  reject: () => import("./commands/reject.ts"),
  grants: () => import("./commands/grants.ts"),
  cancel: () => import("./commands/cancel.ts"),
  pin: () => import("./commands/pin.ts"),
  policy: () => import("./commands/policy.ts"),
  rollback: () => import("./commands/rollback.ts"),
  resume: () => import("./commands/resume.ts"),
  replay: () => import("./commands/replay.ts"),
  snippets: () => import("./commands/snippets.ts"),
  files: () => import("./commands/files.ts"),
  doctor: () => import("./commands/doctor.ts"),
  init: () => import("./commands/init.ts"),
  completion: () => import("./commands/completion.ts"),
};

export const commandNames: readonly string[] = Object.keys(loaders);

export async function loadCommand(name: string): Promise<CliCommand | undefined> {
  if (!Object.hasOwn(loaders, name)) return undefined;
  return (await loaders[name]?.())?.default;
}
