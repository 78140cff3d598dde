/**
 * `codemode policy test`: which rule or default of the policy would decide a call, and why.
 */
import { CodemodeError } from "../../../errors.ts";
import { nearest } from "../../../nearest.ts";
import { explainDecision, type ExplainedAnswer } from "../../../policy/rules-to-policy.ts";
import type { StandingGrant } from "../../../spec/questions.ts";
import type { PolicyRequest } from "../../../spec/policy.ts";
import type { Catalog, Effect, Tool } from "../../../spec/tool.ts";
import type { Value } from "../../../spec/value.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import type { Config } from "../config/config-schema.ts";
import { exitCodes } from "../exit-codes.ts";
import { parseJson } from "../run-arguments.ts";
import { grantToText } from "../show-grants.ts";
import { toPlainText } from "../terminal.ts";
import type { Terminal } from "../terminal.ts";
import { withCodemode } from "../with-codemode.ts";

const effects = ["read", "write", "destructive"] as const;
const effectOptions: string[] = [...effects];

export default defineCliCommand({
  description: "Say what the policy answers to a call, and which rule decides",
  examples: [
    "codemode policy test github.issues.create",
    `codemode policy test pay.send --args '{"amount":500}' --effect write --made 20`,
  ],
  args: {
    action: { type: "positional", required: true, description: "test" },
    path: { type: "positional", required: true, description: "The tool, such as github.issues.create" },
    args: { type: "string", valueHint: "json", description: "The call's arguments. Default: {}" },
    effect: {
      type: "enum",
      options: effectOptions,
      description: "What the tool does. Default: what the catalog says",
    },
    principal: { type: "string", description: "Whose run it is. Default: local" },
    run: {
      type: "string",
      valueHint: "run",
      description: "The run that makes the call, whose approvals for the run count. Default: a new one",
    },
    made: {
      type: "string",
      valueHint: "n",
      description: "Calls of this effect that the run has made. Default: 0",
    },
    at: {
      type: "string",
      valueHint: "time",
      description: "When, such as 2026-11-18T12:00:00Z. Default: now",
    },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async (
    { action, path, args, effect, principal = "local", run, made, at, config, json, log },
    context,
  ) => {
    const { terminal, signal } = context;
    if (action !== "test")
      throw new CodemodeError("usage", `${JSON.stringify(action)} is nothing that policy can do.`, {
        hint: "Write codemode policy test <path>.",
      });
    const now = toMoment(at);
    const call = {
      args: (args === undefined ? {} : parseJson(args, "--args")) as Value,
      principal,
      now,
      count: toCount(made),
    };
    return withCodemode(context, { config, log, journal: "store" }, async ({ codemode, loaded }) => {
      const wanted = effects.find((each) => each === effect);
      const tool = toTool(
        path,
        wanted,
        wanted === undefined ? await codemode.catalog({ fresh: true, signal }) : undefined,
      );
      const answer = explain(loaded.config.policy, toRequest(tool, call));
      const covering = { path, args: call.args };
      const [grant] =
        answer.decision === "ask" && wanted === undefined
          ? await codemode.grants({ principal, covering, ...(run === undefined ? {} : { runId: run }) })
          : [];
      const decided =
        grant === undefined ? answer : { ...answer, decision: "allow" as const, policy: "ask", grant };
      const document = { path, effect: tool.effect, principal, ...decided };
      if (json === true) terminal.out(`${JSON.stringify(document)}\n`);
      else show({ path, effect: tool.effect, answer, grant, terminal });
      return exitCodes.completed;
    });
  },
});

/** Throws `tool_not_found` where nothing says what the tool does. */
function toTool(
  path: string,
  effect: Effect | undefined,
  catalog: Catalog | undefined,
): Pick<Tool, "path" | "source" | "effect"> {
  const known = catalog?.tools.get(path);
  if (known !== undefined) return known;
  if (effect !== undefined) return { path, source: path.split(".")[0] ?? "", effect };
  const near = nearest(path, catalog?.tools.keys() ?? []);
  throw new CodemodeError("tool_not_found", `There is no tool ${path}.`, {
    hint: `${near.length > 0 ? `Did you mean ${near.join(" or ")}? ` : ""}Give --effect to ask about a tool that is not there.`,
  });
}

interface AskedCall {
  readonly args: Value;
  readonly principal: string;
  readonly now: number;
  readonly count: number;
}

function toRequest(
  tool: Pick<Tool, "path" | "source" | "effect">,
  { args, principal, now, count }: AskedCall,
): PolicyRequest {
  const { effect } = tool;
  const times = Array.from({ length: count }, () => ({ effect, at: now }));
  const made = { read: 0, write: 0, destructive: 0, [effect]: count };
  // A policy of rules looks at nothing else of a tool.
  return { tool: tool as Tool, args, principal, now, run: { id: "test", made, times, labels: [] } };
}

function explain(policy: Config["policy"], request: PolicyRequest): ExplainedAnswer {
  return typeof policy === "object"
    ? explainDecision(policy, request)
    : explainDecision({ preset: policy ?? "ask-writes", rules: [] }, request);
}

interface Shown {
  readonly path: string;
  readonly effect: Effect;
  readonly answer: ExplainedAnswer;
  readonly grant: StandingGrant | undefined;
  readonly terminal: Terminal;
}

const styles = { allow: "green", ask: "yellow", deny: "red" } as const;

function show({ path, effect, answer, grant, terminal }: Shown): void {
  const { decision, reason, rule, because, passedOver } = answer;
  const by = rule === undefined ? `by ${because}` : `by rule ${rule}: ${because}`;
  const shown = grant === undefined ? decision : "allow";
  terminal.out(`${terminal.styleOut(styles[shown], shown)} ${toPlainText(path)} (${effect})\n`);
  if (grant !== undefined)
    terminal.out(
      `  by the approval ${grant.runId}/${grant.seq}, which holds ${grantToText(grant)}; without it the policy asks:\n`,
    );
  terminal.out(`  ${toPlainText(by)}\n  ${toPlainText(reason)}\n`);
  for (const { rule: passed, field } of passedOver)
    terminal.out(`  ${terminal.styleOut("gray", `rule ${passed} does not fit: its ${field} does not`)}\n`);
}

function toMoment(given: string | undefined): number {
  const now = given === undefined ? Date.now() : Date.parse(given);
  if (Number.isFinite(now)) return now;
  throw new CodemodeError("usage", `--at must be a moment, not ${JSON.stringify(given)}.`, {
    hint: "Write it as 2026-11-18T12:00:00Z.",
  });
}

function toCount(given = "0"): number {
  const count = Number(given);
  if (Number.isInteger(count) && count >= 0 && count <= 100_000) return count;
  throw new CodemodeError(
    "usage",
    `--made must be a number of calls up to 100000, not ${JSON.stringify(given)}.`,
  );
}
