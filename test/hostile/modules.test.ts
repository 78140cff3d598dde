/**
 * Packages that try to read the host while they are bundled for snippets: whatever way they name a file that is not
 * theirs, the answer is a coded error that names the import, or a bundle without that file, and never its content.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inspect, promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toCodemodeError } from "../../src/errors.ts";
import { bundleModules } from "../../src/modules/bundle-modules.ts";
import { importAttacks, js, secret, type Attack } from "./module-attacks.ts";
import { manifestAttacks } from "./module-manifest-attacks.ts";

let base = "";

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "codemode-hostile-modules-"));
  await mkdir(join(base, "host"));
  for (const [name, text] of Object.entries({
    "secret.json": JSON.stringify({ secret }),
    "secret.js": `export default "${secret}";`,
    "secret.txt": secret,
    "secret.d.ts": `export declare const secret: "${secret}";`,
    "index.js": `export default "${secret}";`,
    // What is no JSON at its first word, which a parser's message would quote.
    passwd: `${secret.replaceAll("-", "_")}:x:0:0`,
  }))
    await writeFile(join(base, "host", name), text);
});
afterAll(() => rm(base, { recursive: true, force: true }));

async function install({
  files,
  links = {},
  manifest = {},
  beside = {},
}: Attack): Promise<{ folder: string; host: string }> {
  const folder = await mkdtemp(join(base, "project-"));
  const host = join(base, "host");
  const fill = (text: string): string => text.replaceAll("HOST", host);
  const own = { "package.json": JSON.stringify({ name: "evil", main: "index.js", ...manifest }), ...files };
  const all = [
    ...Object.entries(own).map(([path, text]) => [`evil/${path}`, text] as const),
    ...Object.entries(beside),
  ];
  for (const [path, text] of all) {
    const file = join(folder, "node_modules", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, fill(text));
  }
  for (const [path, target] of Object.entries(links)) {
    const file = join(folder, "node_modules/evil", path);
    await mkdir(dirname(file), { recursive: true });
    await symlink(fill(target), file);
  }
  return { folder, host };
}

const leaks = [secret, secret.replaceAll("-", "_")];

describe("a package that reads the host while it is bundled", () => {
  it.each([...importAttacks, ...manifestAttacks])("$name", async (attack) => {
    const { folder, host } = await install(attack);
    // A package.json in a folder of its own is read once something in that folder is.
    if (attack.links?.["lib/package.json"] !== undefined) {
      await writeFile(join(folder, "node_modules/evil/lib/x.js"), "export default 1;");
      await writeFile(join(folder, "node_modules/evil/index.js"), 'export { default } from "./lib/x.js";');
    }
    const told = await bundleModules(["evil"], { folder }).then(
      (modules) => ({ modules, error: undefined }),
      (thrown: unknown) => ({ modules: [], error: toCodemodeError(thrown) }),
    );
    const whole = inspect(told, { depth: 20, maxStringLength: null });
    for (const leak of leaks) expect(whole).not.toContain(leak);
    if (attack.named === undefined) return expect(told.error).toBeUndefined();
    expect(told.error).toMatchObject({ code: "module_invalid", data: { module: "evil" } });
    expect(told.error?.message).toContain(attack.named.replaceAll("HOST", host));
  });

  it("is refused by its own package.json when that is a link", async () => {
    const { folder } = await install({ name: "", files: js("export default 1;") });
    await rm(join(folder, "node_modules/evil/package.json"));
    await symlink(join(base, "host/passwd"), join(folder, "node_modules/evil/package.json"));
    const error: unknown = await bundleModules(["evil"], { folder }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "module_invalid",
      message: expect.stringContaining("package.json") as string,
    });
    for (const leak of leaks) expect(inspect(error)).not.toContain(leak);
  });

  it("does not wait for a file that never ends", async () => {
    const { folder } = await install({ name: "", files: js('export { default } from "./x.js";') });
    await promisify(execFile)("mkfifo", [join(folder, "node_modules/evil/x.js")]);
    await expect(bundleModules(["evil"], { folder })).rejects.toMatchObject({
      code: "module_invalid",
      message: expect.stringContaining("x.js") as string,
    });
  });

  it.each(["../evil", "/evil", "./evil", "evil/../../x", ".."])(
    "is not found under the name %s",
    async (name) => {
      const { folder } = await install({ name: "", files: js("export default 1;") });
      await expect(bundleModules([name], { folder })).rejects.toMatchObject({
        code: "module_invalid",
        message: expect.stringContaining("is not the name of a package") as string,
      });
    },
  );

  it.each([
    [8 * 2 ** 20, true],
    [8 * 2 ** 20 + 1, false],
  ])("reads a source of %i bytes: %s", async (bytes, read) => {
    const text = "export default 1;\n//";
    const { folder } = await install({ name: "", files: js(text + "x".repeat(bytes - text.length)) });
    const bundled = bundleModules(["evil"], { folder });
    if (read) expect((await bundled)[0]?.code).toContain("1");
    else
      await expect(bundled).rejects.toMatchObject({
        code: "module_invalid",
        message: expect.stringContaining("index.js") as string,
      });
  });
});

describe("a package that reads its own", () => {
  it("is bundled with links inside it, what it declares, names of its own, JSON and patterns", async () => {
    const { folder } = await install({
      name: "",
      manifest: {
        dependencies: { other: "1" },
        imports: { "#own": "./lib/own.js", "#other": "other" },
        exports: { ".": "./index.js", "./lib/*": "./lib/*" },
      },
      files: {
        "index.js":
          'import own from "#own"; import other from "#other"; import direct from "other"; import self from "evil/lib/self.js"; import link from "./link.js"; import data from "./data.json" with { type: "json" }; const any = (name) => import(`./lib/${name}.js`); export default [own, other, direct, self, link, data, any];',
        "lib/own.js": 'export default "own-1";',
        "lib/self.js": 'export default "self-1";',
        "data.json": '{"data":"data-1"}',
      },
      links: { "link.js": "lib/own.js" },
      beside: { "other/package.json": '{"main":"x.js"}', "other/x.js": 'export default "other-1";' },
    });
    // A package that its manager keeps elsewhere, as pnpm and workspaces do.
    await mkdir(join(folder, "store"));
    await promisify(execFile)("mv", [join(folder, "node_modules/other"), join(folder, "store/other")]);
    await symlink(join(folder, "store/other"), join(folder, "node_modules/other"));
    const [module] = await bundleModules(["evil"], { folder });
    for (const text of ["own-1", "self-1", "other-1", "data-1"]) expect(module?.code).toContain(text);
  });
});
