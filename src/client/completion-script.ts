/**
 * Scripts by which shells complete a program's words: each asks the program itself, so they never go stale.
 */

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** `program` is a name on PATH, of letters, digits and hyphens. Asks `<program> completion words -- <words…>`. */
export function completionScript(shell: Shell, program: string): string {
  const name = `_${program.replaceAll("-", "_")}_words`;
  switch (shell) {
    case "bash":
      return `# source <(${program} completion bash)
${name}() {
  local IFS=$'\\n'
  local line="\${COMP_LINE:0:COMP_POINT}"
  COMPREPLY=($(${program} completion words --line "$line" 2>/dev/null))
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *. ]] && compopt -o nospace
  return 0
}
complete -o default -F ${name} ${program}
`;
    case "zsh":
      return `#compdef ${program}
# source <(${program} completion zsh)
${name}() {
  local -a found
  found=("\${(@f)$(${program} completion words --line "\${(j: :)words[1,CURRENT]}" 2>/dev/null)}")
  compadd -a found
}
compdef ${name} ${program}
`;
    case "fish":
      return `# ${program} completion fish | source
complete -c ${program} -f -a '(${program} completion words --line (commandline -cp) 2>/dev/null)'
`;
  }
}

/** The words of a line up to the cursor; the last one, perhaps empty, is the one to complete. */
export function lineToWords(line: string): readonly string[] {
  const words: string[] = [];
  let word = "";
  let quote = "";
  for (const [at, character] of line.split("").entries()) {
    if (quote !== "") {
      if (character === quote) quote = "";
      else word += character;
    } else if (character === '"' || character === "'") quote = character;
    else if (/\s/.test(character)) {
      if (word !== "" || at === 0) words.push(word);
      word = "";
    } else word += character;
  }
  return [...words.filter((each) => each !== ""), word];
}
