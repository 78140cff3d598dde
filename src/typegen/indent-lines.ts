/** Indents generated TypeScript by its brackets; every comment in it is one line, so ends of lines suffice. */
export function indentLines(text: string): string {
  let depth = 0;
  return text
    .split("\n")
    .map((line) => {
      if (/^[\]})]/.test(line)) depth -= 1;
      const indented = line === "" ? "" : `${"  ".repeat(Math.max(0, depth))}${line}`;
      if (/[[{(]$/.test(line)) depth += 1;
      return indented;
    })
    .join("\n");
}
