/** Matches a path against a glob in which `*` stands for any run of characters, dots included. */

/** Ignores case. At most pattern × text steps: nothing a stranger writes can make it slow. */
export function matchesGlob(pattern: string, text: string): boolean {
  const wanted = pattern.toLowerCase();
  const given = text.toLowerCase();
  let at = 0;
  let star = -1;
  let resume = 0;
  let from = 0;
  while (from < given.length) {
    if (wanted[at] === "*") {
      star = at++;
      resume = from;
    } else if (at < wanted.length && wanted[at] === given[from]) {
      at++;
      from++;
    } else if (star >= 0) {
      at = star + 1;
      from = ++resume;
    } else return false;
  }
  while (wanted[at] === "*") at++;
  return at === wanted.length;
}
