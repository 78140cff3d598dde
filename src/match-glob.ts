/**
 * Matches names and paths against the globs of a config: `*` is any run of characters, dots included, and
 * `?` is one. Linear in the length of the name, since patterns meet names of strangers.
 */

/** Whether `name` fits `glob` from end to end. */
export function matchGlob(glob: string, name: string): boolean {
  let g = 0;
  let n = 0;
  let star = -1;
  let resume = 0;
  while (n < name.length) {
    if (g < glob.length && (glob[g] === "?" || glob[g] === name[n]) && glob[g] !== "*") {
      g += 1;
      n += 1;
    } else if (glob[g] === "*") {
      star = g;
      resume = n;
      g += 1;
    } else if (star !== -1) {
      g = star + 1;
      resume += 1;
      n = resume;
    } else {
      return false;
    }
  }
  while (glob[g] === "*") g += 1;
  return g === glob.length;
}
