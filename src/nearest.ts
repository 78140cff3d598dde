/**
 * Finds the names a person or a model most likely meant. Used by every message that says "did you mean".
 */
import { distance } from "fastest-levenshtein";

/** Up to `count` of `candidates` that are close to `name`, closest first; none when nothing is close. */
export function nearest(name: string, candidates: Iterable<string>, count = 3): string[] {
  const wanted = fold(name);
  const allowed = Math.max(2, Math.ceil(wanted.length * 0.4));
  const scored: { candidate: string; score: number }[] = [];
  for (const candidate of candidates) {
    const folded = fold(candidate);
    const contained = wanted.length > 2 && (folded.includes(wanted) || wanted.includes(folded));
    const far = Math.abs(folded.length - wanted.length) > allowed;
    const score = contained ? 1 : far ? Infinity : distance(wanted, folded);
    if (score <= allowed) scored.push({ candidate, score });
  }
  scored.sort((a, b) => a.score - b.score || (a.candidate < b.candidate ? -1 : 1));
  return scored.slice(0, count).map((entry) => entry.candidate);
}

/** Ignores case and the separators by which snake_case, kebab-case and camelCase differ. */
function fold(name: string): string {
  return name
    .slice(0, 200)
    .toLowerCase()
    .replaceAll(/[_\-\s]/g, "");
}
