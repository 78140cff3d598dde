import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { loadConfig } from "./load-config.ts";
import type { LoadedConfig } from "./load-config.ts";
import { userFolders } from "./user-folders.ts";

let root: string;
let workingFolder: string;
let home: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "codemode-config-"));
  onTestFinished(() => rm(root, { recursive: true }));
  workingFolder = join(root, "work");
  home = join(root, "home");
  await mkdir(workingFolder);
  await mkdir(home);
});

async function write(file: string, content = good): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

const good = `{ "mcpServers": { "files": { "command": "node", "args": ["x.js"] } } }`;

interface Given {
  readonly flag?: string;
  readonly env?: { readonly [name: string]: string };
  readonly ask?: (question: string) => Promise<boolean>;
}

function load({ flag, env = {}, ask }: Given = {}): Promise<LoadedConfig> {
  return loadConfig({ flag, workingFolder, host: { env, platform: "linux", home }, ask });
}

const yes = async (): Promise<boolean> => true;

describe("which file is in force", () => {
  test("--config, relative to the working folder, before all others", async () => {
    await write(join(workingFolder, "codemode.json"));
    const file = await write(join(workingFolder, "other", "my.json"));
    expect(await load({ flag: "other/my.json" })).toMatchObject({ file, origin: "flag" });
  });

  test("the working folder's before the user's", async () => {
    await write(join(home, ".config/codemode/codemode.json"));
    const file = await write(join(workingFolder, "codemode.json"));
    expect(await load({ ask: yes })).toMatchObject({ file, origin: "folder" });
  });

  test("the user's, which needs no consent", async () => {
    const file = await write(join(home, ".config/codemode/codemode.json"));
    expect(await load()).toMatchObject({ file, origin: "user" });
  });

  test("the user's by XDG_CONFIG_HOME", async () => {
    const file = await write(join(root, "xdg/codemode/codemode.json"));
    expect(await load({ env: { XDG_CONFIG_HOME: join(root, "xdg") } })).toMatchObject({
      file,
      origin: "user",
    });
  });

  test.each([
    ["nowhere", {}, "config_not_found", "codemode init"],
    ["not where --config says", { flag: "gone.json" }, "config_not_found", "codemode init"],
    ["a folder", { flag: "." }, "config_unreadable", undefined],
  ])("%s", async (_where, given, code, hint) => {
    const failure = await load(given).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code });
    if (hint !== undefined) expect(failure).toMatchObject({ hint: expect.stringContaining(hint) });
  });

  test("one that is far too large is not read", async () => {
    await write(join(workingFolder, "codemode.json"), " ".repeat(5 * 2 ** 20));
    await expect(load({ flag: "codemode.json" })).rejects.toMatchObject({ code: "config_unreadable" });
  });
});

describe("consent to a file of the working folder", () => {
  test("is refused where nobody can be asked", async () => {
    const file = await write(join(workingFolder, "codemode.json"));
    await expect(load()).rejects.toMatchObject({
      code: "config_consent_required",
      hint: expect.stringContaining(`--config ${file}`),
    });
  });

  test("is asked once, for this text", async () => {
    const file = await write(join(workingFolder, "codemode.json"));
    const questions: string[] = [];
    const ask = async (question: string): Promise<boolean> => questions.push(question) > 0;
    await load({ ask });
    await load({ ask });
    await load();
    expect(questions).toHaveLength(1);
    await write(file, good.replace("x.js", "y.js"));
    await expect(load()).rejects.toMatchObject({ code: "config_consent_required" });
    await load({ ask });
    expect(questions).toHaveLength(2);
  });

  test("is for what its commands run as well", async () => {
    await write(join(workingFolder, "codemode.json"));
    await write(join(workingFolder, "x.js"), 'import "./lib.js"');
    await write(join(workingFolder, "lib.js"), "// as agreed");
    await load({ ask: yes });
    await load();
    for (const [file, before] of [
      ["x.js", 'import "./lib.js"'],
      ["lib.js", "// as agreed"],
    ] as const) {
      await write(join(workingFolder, file), "// another");
      await expect(load()).rejects.toMatchObject({
        code: "config_consent_required",
        message: expect.stringContaining("has changed since"),
      });
      await write(join(workingFolder, file), before);
      await load();
    }
    await rm(join(workingFolder, "lib.js"));
    await expect(load()).rejects.toMatchObject({ code: "config_consent_required" });
  });

  test("is for this place: the same text elsewhere may start another program", async () => {
    await write(join(workingFolder, "codemode.json"));
    await load({ ask: yes });
    workingFolder = join(root, "elsewhere");
    await write(join(workingFolder, "codemode.json"));
    await expect(load()).rejects.toMatchObject({ code: "config_consent_required" });
  });

  test("that is not given is not kept", async () => {
    await write(join(workingFolder, "codemode.json"));
    await expect(load({ ask: async () => false })).rejects.toMatchObject({ code: "config_consent_required" });
    await expect(load()).rejects.toMatchObject({ code: "config_consent_required" });
  });

  test("is asked for with what would be started and sent, in plain text", async () => {
    const entry = { command: "node\u001B[2J", args: ["server.js"], env: { A: "${GITHUB_TOKEN}" } };
    await write(
      join(workingFolder, "codemode.json"),
      JSON.stringify({ mcpServers: { github: entry, docs: { url: "https://example.com/mcp" } } }),
    );
    let question = "";
    await load({ ask: async (text) => ((question = text), true) });
    expect(question).toContain("mcpServers.github.command: node⟨U+001B⟩[2J\n");
    expect(question).toContain("github: GITHUB_TOKEN → the program it starts");
    expect(question).toContain("mcpServers.docs.url: https://example.com/mcp");
    expect(question).not.toContain("\u001B");
  });

  test("is kept for the user alone, and a damaged file only means being asked again", async () => {
    await write(join(workingFolder, "codemode.json"));
    await load({ ask: yes });
    const store = join(home, ".local/state/codemode/consent.json");
    expect((await stat(store)).mode & 0o777).toBe(0o600);
    expect(await readFile(store, "utf8")).toContain(join(workingFolder, "codemode.json"));
    await writeFile(store, "{");
    await expect(load()).rejects.toMatchObject({ code: "config_consent_required" });
    await load({ ask: yes });
    await load();
  });

  test("a broken file is reported before anybody is asked", async () => {
    await write(join(workingFolder, "codemode.json"), "{");
    await expect(load({ ask: () => Promise.reject(new Error("asked")) })).rejects.toMatchObject({
      code: "config_unreadable",
    });
  });
});

describe("values", () => {
  const entry = {
    command: "node",
    args: ["${A}", "${env:A}/x", "${B:-b}", "~/y", "~", "${EMPTY:-e}", "${EMPTY}", "plain $A ${not-a-name}"],
    env: { T: "${MISSING}", I: "${input:key}" },
  };

  async function values(): Promise<LoadedConfig["values"]> {
    await write(join(workingFolder, "codemode.json"), JSON.stringify({ mcpServers: { s: entry } }, null, 2));
    return (await load({ flag: "codemode.json", env: { A: "a", EMPTY: "" } })).values;
  }

  test("have their variables and ~ expanded", async () => {
    const read = await values();
    const expanded = entry.args.map((arg, at) => read.argument(arg, ["mcpServers", "s", "args", at]));
    expect(expanded).toEqual(["a", "a/x", "b", join(home, "y"), home, "e", "", "plain $A ${not-a-name}"]);
  });

  test("name field, variable, file and place when a variable is missing", async () => {
    const read = await values();
    const file = join(workingFolder, "codemode.json");
    expect(() => read.text("${MISSING}", ["mcpServers", "s", "env", "T"])).toThrow(
      expect.objectContaining({
        code: "config_variable_missing",
        message: `mcpServers.s.env.T (${file}:16:14) needs \${MISSING}, which is not set in the environment.`,
        data: { file, field: "mcpServers.s.env.T", variable: "MISSING" },
      }),
    );
  });

  test("of another client's own kind are refused", async () => {
    const read = await values();
    expect(() => read.text("${input:key}", ["mcpServers", "s", "env", "I"])).toThrow(
      expect.objectContaining({ code: "config_invalid" }),
    );
  });

  test("that are paths stand beside the file", async () => {
    const read = await values();
    expect(read.path("./x", [])).toBe(join(workingFolder, "x"));
    expect(read.path("~/x", [])).toBe(join(home, "x"));
    expect(read.path("/x", [])).toBe("/x");
  });
});

test.each([
  ["linux", {}, "/h/.config/codemode", "/h/.local/state/codemode"],
  ["linux", { XDG_CONFIG_HOME: "/c", XDG_STATE_HOME: "/s" }, "/c/codemode", "/s/codemode"],
  ["linux", { XDG_CONFIG_HOME: "relative" }, "/h/.config/codemode", "/h/.local/state/codemode"],
  ["darwin", {}, "/h/Library/Application Support/codemode", "/h/Library/Application Support/codemode/state"],
  ["win32", { APPDATA: "/r", LOCALAPPDATA: "/l" }, "/r/codemode", "/l/codemode"],
] as const)("the user's folders on %s with %j", (platform, env, config, state) => {
  expect(userFolders({ platform, env, home: "/h" })).toEqual({ home: "/h", config, state });
});
