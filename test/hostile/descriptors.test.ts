/**
 * Descriptors that a host was started with, to files that only it may read: none of them reaches a sandbox, a server, the
 * checker, the bundler, a watchdog or a command, however high its number is.
 */
import { spawn } from "node:child_process";
import { chmod, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const numbers = [3, 15, 16, 17, 40, 255, 256, 1_000];

describe.runIf(process.platform === "linux")("inherited descriptors", () => {
  it("reach no child of the product", { timeout: 90_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "codemode-descriptors-"));
    const secret = join(folder, "secret");
    await writeFile(secret, "only the host may read this");
    await chmod(secret, 0o600);
    await using file = await open(secret, "r");
    try {
      const stdio: ("ignore" | "pipe" | "inherit" | number)[] = Array.from({ length: 1_001 }, (_, number) =>
        numbers.includes(number) ? file.fd : "ignore",
      );
      stdio.splice(0, 3, "ignore", "pipe", "inherit");
      const host = spawn(process.execPath, [join(root, "test/fixtures/leaky-host.ts")], { cwd: root, stdio });
      const said = host.stdout === null ? "" : await text(host.stdout);
      const found: Record<string, string[]> = JSON.parse(said);
      const whose = Object.keys(found);
      // What is looked for is there to be found, and every kind of child has been looked at.
      expect(found["host"]?.filter((link) => link === secret)).toHaveLength(numbers.length);
      for (const kind of [
        "workerd",
        "echoing-stdio",
        "tsgo|tsc|typescript",
        "esbuild",
        "read -r change",
        "boot|guest|quickjs",
        "command of workerd",
        "program",
      ])
        expect(
          whose.some((name) => new RegExp(kind).test(name)),
          `${kind} among ${whose.join("; ")}`,
        ).toBe(true);
      for (const [name, links] of Object.entries(found)) {
        expect(links.length, name).toBeGreaterThan(0);
        if (name !== "host") expect(links, name).not.toContain(secret);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("are those without the flag, and what is given to a child still reaches it", async () => {
    const script = `
      const { inheritedDescriptors } = await import(${JSON.stringify(join(root, "src/child-process/inherited-descriptors.ts"))});
      const { startProcess, shieldLibrary } = await import(${JSON.stringify(join(root, "src/child-process/start-process.ts"))});
      const { spawn } = await import("node:child_process");
      const list = 'cat <&7; for n in /proc/self/fd/*; do echo "$n $(readlink $n)"; done';
      const hear = (child) => new Promise((done) => { let said = ""; child.stdout.on("data", (part) => said += part); child.on("close", () => done(said)); });
      const given = ["ignore", "pipe", "inherit", "ignore", "ignore", "ignore", "ignore", "pipe"];
      const own = startProcess("/bin/sh", ["-c", list], { stdio: given });
      own.stdio[7].end("given ");
      const said = await hear(own);
      const shielded = await shieldLibrary(() => hear(spawn("/bin/sh", ["-c", list.replace("cat <&7; ", "")], { stdio: ["ignore", "pipe", "inherit"] })));
      const after = await hear(spawn("/bin/sh", ["-c", list.replace("cat <&7; ", "")], { stdio: ["ignore", "pipe", "inherit"] }));
      console.log(JSON.stringify({ inherited: inheritedDescriptors(), said, shielded, after }));`;
    await using file = await open(join(root, "package.json"), "r");
    const stdio: ("ignore" | "pipe" | "inherit" | number)[] = Array.from({ length: 41 }, (_, number) =>
      number === 40 ? file.fd : "ignore",
    );
    stdio.splice(0, 3, "ignore", "pipe", "inherit");
    const host = spawn(process.execPath, ["--input-type=module", "-e", script], { cwd: root, stdio });
    const told: Record<string, unknown> = JSON.parse(host.stdout === null ? "" : await text(host.stdout));
    expect(told["inherited"]).toContain(40);
    expect(told["said"]).toMatch(/^given /);
    expect(told["said"]).toContain("/40 /dev/null");
    expect(told["shielded"]).toContain("/40 /dev/null");
    // What this program starts otherwise is its own affair.
    expect(told["after"]).toContain("package.json");
  });
});
