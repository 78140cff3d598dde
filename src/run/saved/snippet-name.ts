/**
 * What a saved snippet may be called and described as.
 */
import { CodemodeError } from "../../errors.ts";
import type { Value } from "../../spec/value.ts";

const maxDescription = 300;

/** Throws `saved_snippet_invalid`. */
export function requireName(name: Value): string {
  if (typeof name === "string" && /^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/.test(name)) return name;
  throw new CodemodeError(
    "saved_snippet_invalid",
    `${typeof name === "string" ? JSON.stringify(name.slice(0, 100)) : typeof name} is no name for a saved snippet.`,
    { hint: "Use letters, digits, - and _, beginning with a letter, at most 64: open-issues-by-label." },
  );
}

/** One line. Throws `saved_snippet_invalid`. */
export function requireDescription(description: Value): string {
  const text = typeof description === "string" ? description.replaceAll(/\s+/g, " ").trim() : "";
  if (text === "" || text.length > maxDescription || text.includes("*/"))
    throw new CodemodeError(
      "saved_snippet_invalid",
      `A saved snippet needs a description of 1 to ${maxDescription} characters, without */ in it.`,
      { hint: "Say in one sentence what it does; search finds it by these words." },
    );
  return text;
}
