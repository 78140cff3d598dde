/**
 * What the program writes where: results on standard output, everything else on standard error, colours only
 * for a terminal that wants them. Asks the person at the terminal, when there is one.
 */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { styleText } from "node:util";
import { showHidden } from "../../show-hidden.ts";

type Style = Parameters<typeof styleText>[0];

export interface Terminal {
  /** Results: standard output. */
  out(text: string): void;
  /** Everything a person may want to know: standard error. */
  err(text: string): void;
  /** Colours a text for standard output, or leaves it as it is. */
  styleOut(style: Style, text: string): string;
  /** The same for standard error. */
  styleErr(style: Style, text: string): string;
  /** Standard error is a terminal: progress may move its cursor. */
  readonly live: boolean;
  /** Asks a yes-or-no question; absent when no person could answer. */
  readonly ask?: (question: string) => Promise<boolean>;
  /** Asks for a line of text; nothing typed, or the end of the input, is the empty one. */
  readonly read?: (question: string) => Promise<string>;
  /** The same, but what is typed is not shown. */
  readonly readHidden?: (question: string) => Promise<string>;
}

export function createTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const coloured = (stream: NodeJS.WriteStream): boolean => {
    if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return false;
    return stream.isTTY && env["TERM"] !== "dumb";
  };
  const style = (stream: NodeJS.WriteStream) => (how: Style, text: string) =>
    coloured(stream) ? styleText(how, text, { validateStream: false }) : text;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    styleOut: style(stdout),
    styleErr: style(stderr),
    live: stderr.isTTY && env["TERM"] !== "dumb",
    ...(stdin.isTTY && stderr.isTTY ? { ask: askYesOrNo, read: readLine, readHidden } : {}),
  };
}

/** Text of strangers, on its way to a terminal: with the means to move the cursor, to recolour or to hide made visible. */
export function toPlainText(text: string): string {
  return showHidden(text);
}

async function askYesOrNo(question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await readLine(`${question} [y/N] `)).trim());
}

async function readHidden(question: string): Promise<string> {
  // Before the question: whoever answers at once must not be shown either.
  process.stdin.setRawMode(true);
  process.stderr.write(question);
  const typed = await readLine("", new Writable({ write: (_chunk, _encoding, done) => done() }));
  process.stderr.write("\n");
  return typed;
}

async function readLine(question: string, output: NodeJS.WritableStream = process.stderr): Promise<string> {
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    return await Promise.race([lines.question(question), ended]);
  } catch {
    // Ctrl-C or the end of the input is no agreement.
    return "";
  } finally {
    lines.close();
  }
}
