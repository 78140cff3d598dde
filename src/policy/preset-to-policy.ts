/**
 * The three ready-made policies, as pure functions from a call to an answer with its reason.
 */
import type { Policy, PolicyAnswer, PolicyPreset } from "../spec/policy.ts";
import type { Effect } from "../spec/tool.ts";

export function presetToPolicy(preset: PolicyPreset): Policy {
  return ({ tool }) => answers[preset](tool.effect);
}

const answers: { readonly [preset in PolicyPreset]: (effect: Effect) => PolicyAnswer } = {
  "read-only": (effect) =>
    effect === "read"
      ? { decision: "allow", reason: "Reads are allowed." }
      : { decision: "deny", reason: `The policy is read-only and this call's effect is "${effect}".` },
  "ask-writes": (effect) =>
    effect === "read"
      ? { decision: "allow", reason: "Reads are allowed." }
      : { decision: "ask", reason: `A person is asked before a call whose effect is "${effect}".` },
  "allow-all": () => ({ decision: "allow", reason: "The policy allows every call." }),
};
