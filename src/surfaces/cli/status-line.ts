/**
 * One line at the foot of a terminal that says what is going on. Where there is no terminal it shows
 * nothing, and what is printed through it is plain.
 */
import { toPlainText } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

export interface StatusLine extends Disposable {
  /** Replaces the line's text. */
  set(text: string): void;
  /** Writes whole lines above it, on standard error. */
  print(text: string): void;
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const frameMs = 90;
/** What is done sooner needs no line. */
const patienceMs = 150;
const eraseLine = "\r\u001B[2K";

export function createStatusLine(terminal: Terminal): StatusLine {
  if (!terminal.live)
    return { set: () => {}, print: (lines) => terminal.err(lines), [Symbol.dispose]: () => {} };
  let text = "";
  let frame = 0;
  let shown = false;
  const started = Date.now();

  const draw = (): void => {
    if (text === "" || Date.now() - started < patienceMs) return;
    frame = (frame + 1) % frames.length;
    const room = Math.max(20, (process.stderr.columns || 80) - 4);
    terminal.err(
      `${eraseLine}${terminal.styleErr("cyan", frames[frame] ?? "")} ${toPlainText(text).replaceAll("\n", " ").slice(0, room)}`,
    );
    shown = true;
  };
  const erase = (): void => {
    if (shown) terminal.err(eraseLine);
    shown = false;
  };
  const timer = setInterval(draw, frameMs);
  timer.unref();
  return {
    set: (next) => {
      text = next;
    },
    print: (lines) => {
      erase();
      terminal.err(lines);
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      erase();
    },
  };
}
