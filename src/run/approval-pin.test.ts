import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { hashPin, isPinHash, requirePin } from "./approval-pin.ts";

async function aPin(pin = "2468"): Promise<{ readonly hash: string; readonly attemptsFile: string }> {
  const folder = mkdtempSync(join(tmpdir(), "codemode-pin-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return { hash: await hashPin(pin), attemptsFile: join(folder, "state", "attempts") };
}

const code = (expected: string): unknown => expect.objectContaining({ code: expected });

it("takes the code, given or asked for, and no other", async () => {
  const pin = await aPin();
  await requirePin("2468", pin);
  await requirePin(undefined, { ...pin, ask: async () => "2468" });
  await expect(requirePin("2469", pin)).rejects.toEqual(code("pin_wrong"));
  await expect(requirePin(undefined, { ...pin, ask: async () => "1" })).rejects.toEqual(code("pin_wrong"));
  await requirePin("2468", pin);
  expect(existsSync(pin.attemptsFile)).toBe(false);
});

it("is required where nobody gives one, which is no attempt", async () => {
  const pin = await aPin();
  for (const given of [undefined, ""])
    await expect(requirePin(given, pin)).rejects.toEqual(code("pin_required"));
  expect(existsSync(pin.attemptsFile)).toBe(false);
});

it("takes no code, not even the right one, after five wrong ones, also when they come at once", async () => {
  const pin = await aPin();
  for (let at = 0; at < 4; at += 1) await expect(requirePin("x", pin)).rejects.toEqual(code("pin_wrong"));
  await requirePin("2468", pin);
  const tried = await Promise.allSettled(Array.from({ length: 8 }, () => requirePin("nope", pin)));
  const wrong = tried.filter(
    (each) => each.status === "rejected" && Reflect.get(each.reason, "code") === "pin_wrong",
  );
  expect(wrong.length).toBeLessThanOrEqual(5);
  await expect(requirePin("2468", pin)).rejects.toEqual(code("pin_locked"));
});

it("forgets attempts after a while", async () => {
  const pin = await aPin();
  await expect(requirePin("x", pin)).rejects.toEqual(code("pin_wrong"));
  writeFileSync(pin.attemptsFile, `${Date.now() - 14 * 60_000}\n`.repeat(5));
  await expect(requirePin("2468", pin)).rejects.toEqual(code("pin_locked"));
  writeFileSync(pin.attemptsFile, `${Date.now() - 16 * 60_000}\n`.repeat(5));
  await requirePin("2468", pin);
});

it("is kept as a hash that is never the same twice", async () => {
  const [first, second] = [await hashPin("2468"), await hashPin("2468")];
  expect(first).not.toBe(second);
  expect([isPinHash(first), isPinHash("2468"), isPinHash(`${first}x`)]).toEqual([true, false, false]);
  expect(isPinHash(await hashPin("x".repeat(256)))).toBe(true);
  for (const bad of ["", "123", "x".repeat(257)]) await expect(hashPin(bad)).rejects.toEqual(code("usage"));
});
