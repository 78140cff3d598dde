/**
 * Names as words of a command line: `createIssue` and `create_issue` → `create-issue`.
 */

/** The words in the order of the names, each different; a name whose word is taken keeps its own form or gets a number. */
export function kebabWords(names: readonly string[], taken: readonly string[] = []): readonly string[] {
  const used = new Set(taken);
  return names.map((name) => {
    const word = kebabWord(name);
    let free = used.has(word) && !used.has(name) && isWord(name) ? name : word;
    for (let count = 2; used.has(free); count += 1) free = `${word}-${count}`;
    used.add(free);
    return free;
  });
}

export function kebabWord(name: string): string {
  const word = name
    .slice(0, 120)
    .replaceAll(/([\p{Ll}\p{Nd}])(\p{Lu})/gu, "$1-$2")
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{Nd}]+/gu, "-")
    .replaceAll(/^-+|-+$/g, "");
  return word === "" ? "unnamed" : word;
}

function isWord(name: string): boolean {
  return /^[\p{L}\p{Nd}_][\p{L}\p{Nd}_-]*$/u.test(name);
}
