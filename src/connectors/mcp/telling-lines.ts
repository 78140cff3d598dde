/**
 * Of what a process wrote to stderr before it failed, the lines that say why: without the frames of stack traces, under
 * which the message itself would be pushed out.
 */

const frames = [
  /^\s+at\s/,
  /^Node\.js v\d/,
  /^\s*\^+\s*$/,
  /^\s+File "[^"]*", line \d+/,
  /^node:internal\//,
  /^\s*\d+:\s+0x[0-9a-f]+/i,
  /^\s+\d+:\s+\S+$/,
  /^\s*[{}\]]+[,;]?\s*$/,
];

/** The last `count` of them; the very last lines where nothing else is there. */
export function tellingLines(lines: readonly string[], count: number): readonly string[] {
  const telling = lines.filter((line) => !frames.some((frame) => frame.test(line)));
  return (telling.length === 0 ? lines : telling).slice(-count);
}
