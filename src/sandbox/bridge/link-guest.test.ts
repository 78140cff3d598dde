import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { linkGuest } from "./link-guest.ts";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "link-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function link(files: { readonly [name: string]: string }): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.ts`), text);
  return linkGuest(pathToFileURL(join(folder, "main")));
}

test("each module stands once, before those that import it, and only the entry exports", async () => {
  const text = link({
    main: 'import { b } from "./b.ts";\nimport { a, type Shape } from "./a.ts";\nexport const both: Shape = [a, b];\n',
    a: "/** Says a. */\nexport type Shape = string[];\nexport const a = 'á😀';\n",
    b: 'import {\n  a,\n} from "./a.ts";\n\n// Says b.\nexport const b = a + "b";\n',
  });
  expect(text).not.toMatch(/import|Says/);
  expect(Buffer.byteLength(text)).toBe(text.length);
  const linked: { readonly both: unknown } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  expect(linked.both).toEqual(["á😀", "á😀b"]);
});

test("a circle is refused", () => {
  const files = {
    main: 'import { a } from "./a.ts";\na;',
    a: 'import { b } from "./b.ts";\nexport const a = b;',
    b: 'import { a } from "./a.ts";\nexport const b = a;',
  };
  expect(() => link(files)).toThrow(/import each other/);
});

test("the guests of the product parse, and pay for no byte beyond ASCII", async () => {
  for (const engine of ["workerd/guest/main", "workerd/guest/supervisor"]) {
    const text = linkGuest(new URL(`../${engine}`, import.meta.url));
    expect(Buffer.byteLength(text)).toBe(text.length);
    expect(text.match(/^import .*/gm) ?? []).toEqual(
      engine.endsWith("supervisor") ? ['import { WorkerEntrypoint } from "cloudflare:workers";'] : [],
    );
  }
});
