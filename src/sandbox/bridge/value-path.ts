/**
 * Writes the place of a value inside another as a person would: `result.items[3]["a key"]`.
 */

export type PathStep = string | number | { readonly entry: number };

const maxSteps = 12;

/** Long paths are cut in the middle, long keys at their end. */
export function valuePath(root: string, steps: readonly PathStep[]): string {
  if (steps.length <= maxSteps) return root + steps.map(stepText).join("");
  const half = maxSteps / 2;
  return `${root}${steps.slice(0, half).map(stepText).join("")}…${steps.slice(-half).map(stepText).join("")}`;
}

function stepText(step: PathStep): string {
  if (typeof step === "number") return `[${step}]`;
  if (typeof step === "object") return `.entries()[${step.entry}]`;
  const key = step.length > 60 ? `${step.slice(0, 60)}…` : step;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
