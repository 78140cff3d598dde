/**
 * Lets a snippet send frames of its own making, as one that has rewritten the harness would.
 */
import { expect } from "vitest";
import type { HostileHost } from "./hostile-host.ts";

/**
 * Sends frames of the snippet's own making: the harness writes a call's line with `Number`, which the snippet
 * may replace by text that ends the frame and goes on with others. The last character of the last frame must
 * be the `]` that the harness writes.
 */
export const forge = `
const forge = (...frames) => {
  const native = globalThis.Number;
  const text = "null]\\n" + frames.join("\\n");
  globalThis.Number = () => ((globalThis.Number = native), text.slice(0, -1));
  return tools.lab.echo({ carrier: true });
};
`;

export const forged = (...frames: string[]): string =>
  `${forge}await forge(${frames.map((frame) => JSON.stringify(frame)).join(", ")}); return "over"`;

/** Nothing of it reached a tool; the carrier that a forgery travels on does not count. */
export function nothingSent(host: HostileHost): void {
  expect(host.sent.filter((each) => JSON.stringify(each) !== '{"carrier":true}')).toEqual([]);
}
