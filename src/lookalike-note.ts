/**
 * Says of a name that it only looks like another of the catalog, and by which letters it is told apart: for a person who
 * decides and for a model that reads.
 */

const begin = " (careful: ";

/** The note in a reason that has one; else nothing. */
export function noteIn(reason: string | undefined): string {
  const at = reason?.lastIndexOf(begin) ?? -1;
  return at === -1 ? "" : (reason ?? "").slice(at);
}

/** Empty where it looks like no other. */
export function lookalikeNote(path: string, looksLike: string | undefined): string {
  if (looksLike === undefined) return "";
  const odd = [...new Set(path)].filter((letter) => !looksLike.includes(letter)).slice(0, 4);
  const spelt = odd.map((letter) => `"${letter}" U+${codeOf(letter)}`).join(", ");
  const how = odd.length === 0 ? "written otherwise" : `here with ${spelt}`;
  return `${begin}it only looks like ${looksLike}, ${how})`;
}

function codeOf(letter: string): string {
  return (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}
