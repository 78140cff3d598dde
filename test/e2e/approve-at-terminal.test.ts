/**
 * A person at a real terminal: the built program on a pseudo-terminal, answered by typing.
 */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { cliFile, isolatedEnvironment, quickstart, root, runCli } from "../fixtures/built-cli.ts";

const snippet = `
await tools.memory.create_entities({ entities: [{ name: "Ada \\u001b[2J\\u202e", entityType: "person", observations: [] }] });
await tools.memory.create_entities({ entities: [{ name: "Grace", entityType: "person", observations: [] }] });
return "both written";
`;

let env: { [name: string]: string };
let config: string[];
let file: string;

beforeEach(() => {
  env = { ...isolatedEnvironment(), TERM: "xterm", SHELL: "/bin/sh" };
  const home = env["HOME"] ?? "";
  const text = readFileSync(quickstart, "utf8")
    .replace('"allow-all"', '"ask-writes"')
    .replaceAll("../../node_modules", join(dirname(quickstart), "../../node_modules"))
    .replace('"./files"', JSON.stringify(join(dirname(quickstart), "files")));
  writeFileSync(join(home, "codemode.json"), text);
  file = join(home, "snippet.ts");
  writeFileSync(file, snippet);
  config = ["--config", join(home, "codemode.json")];
});

interface Step {
  /** What the program shows before the person types. */
  readonly when: string;
  readonly type: string;
}

interface Session {
  readonly code: number | null;
  readonly screen: string;
}

/** util-linux's `script` gives the program a terminal of its own and passes on what is typed. */
async function atTerminal(args: readonly string[], steps: readonly Step[]): Promise<Session> {
  const quoted = [process.execPath, cliFile, ...args].map((each) => `'${each.replaceAll("'", "'\\''")}'`);
  const child = spawn("script", ["--quiet", "--return", "--command", quoted.join(" "), "/dev/null"], {
    cwd: root,
    env,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const left = [...steps];
  let screen = "";
  let from = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    screen += chunk.toString();
    const [next] = left;
    const at = next === undefined ? -1 : screen.indexOf(next.when, from);
    if (next === undefined || at === -1) return;
    from = at + next.when.length;
    left.shift();
    child.stdin.write(next.type);
  });
  const code = await new Promise<number | null>((done) => child.once("close", done));
  expect(left, screen).toEqual([]);
  return { code, screen };
}

const answer = "Answer [l]:";

describe("codemode run on a terminal", () => {
  it("shows program, arguments, effect and what was done, and goes on as the person says", async () => {
    const { code, screen } = await atTerminal(
      ["run", file, ...config],
      [
        { when: answer, type: "y\r" },
        { when: answer, type: "y\r" },
      ],
    );
    expect(code).toBe(0);
    expect(screen).toContain("both written");
    expect(screen).toContain("tools.memory.create_entities, a write call, not sent yet");
    expect(screen).toContain('"name": "Grace"');
    expect(screen).toContain('| return "both written";');
    expect(screen).toContain("Done so far: 0 reads, no writes.");
    expect(screen).toContain("- done: tools.memory.create_entities(");
    // What the snippet put into its arguments moves no cursor and turns no text round.
    expect(screen).not.toContain("\u001B[2J");
    expect(screen).not.toContain("\u202E");
  });

  it("asks once when it was approved for the rest of the run", async () => {
    const { code, screen } = await atTerminal(["run", file, ...config], [{ when: answer, type: "r\r" }]);
    expect(code).toBe(0);
    expect(screen.split(answer)).toHaveLength(2);
  });

  it("throws the person's words in the snippet, or ends the run with them", async () => {
    const rejected = await atTerminal(
      ["run", file, ...config],
      [
        { when: answer, type: "n\r" },
        { when: "Why", type: "not Ada\r" },
      ],
    );
    expect(rejected.code).toBe(1);
    expect(rejected.screen).toContain("approval_rejected");
    expect(rejected.screen).toContain("failed in");
    const stopped = await atTerminal(
      ["run", file, ...config],
      [
        { when: answer, type: "s\r" },
        { when: "Why", type: "not today\r" },
      ],
    );
    expect(stopped.code).toBe(1);
    expect(stopped.screen).toContain("not today");
    expect(stopped.screen).toContain("rejected in");
  });

  it.each([
    ["an empty line", "\r"],
    ["a word it does not know", "constructor\r"],
    ["the end of the input", "\u0004"],
  ])("leaves the run paused at %s", async (_, type) => {
    const { code, screen } = await atTerminal(["run", file, ...config], [{ when: answer, type }]);
    expect(code).toBe(3);
    expect(screen).toContain("Answer with codemode approve run_");
  });

  it("asks nobody where there is no terminal, and shows the same in approvals", async () => {
    const finished = await runCli(["run", file, ...config], { env });
    expect(finished.code).toBe(3);
    expect(finished.stderr).not.toContain(answer);
    const { stdout } = await runCli(["approvals", ...config], { env });
    expect(stdout).toContain("tools.memory.create_entities, a write call, not sent yet");
    expect(stdout).toContain('| return "both written";');
    expect(stdout).not.toContain("\u202E");
  });
});

describe("a code that only the person has", () => {
  const prompt = "The code that only you have:";

  async function setPin(): Promise<void> {
    const { screen } = await atTerminal(
      ["pin"],
      [
        { when: "A code that only you have:", type: "2468\r" },
        { when: "The same again:", type: "2468\r" },
      ],
    );
    expect(screen).not.toContain("2468");
    const [line] = /"approvals": \{"pin":"scrypt[^"]+"\}/.exec(screen) ?? [""];
    const [, name = ""] = config;
    writeFileSync(name, readFileSync(name, "utf8").replace("{", `{ ${line},`));
  }

  it("is asked for and not shown, and an answer without it or with another one counts for nothing", async () => {
    await setPin();
    const wrong = await atTerminal(
      ["run", file, ...config],
      [
        { when: answer, type: "r\r" },
        { when: prompt, type: "1357\r" },
      ],
    );
    expect(wrong.screen).toContain("pin_wrong");
    expect(wrong.screen).not.toContain("1357");
    const unattended = await runCli(["approve", "--all", ...config], { env });
    expect([unattended.code, unattended.stderr]).toEqual([1, expect.stringContaining("pin_required")]);
    const right = await atTerminal(
      ["approve", "--all", "--for", "run", ...config],
      [{ when: prompt, type: "2468\r" }],
    );
    expect([right.code, right.screen]).toEqual([0, expect.stringContaining("both written")]);
    expect(right.screen).not.toContain("2468");
  });

  it("is no word of the command line, and must be typed twice alike", async () => {
    const onLine = await runCli(["approve", "run_1", "--pin", "2468", ...config], { env });
    expect([onLine.code, onLine.stderr]).toEqual([2, expect.stringContaining("--pin is no flag")]);
    const unlike = await atTerminal(
      ["pin"],
      [
        { when: "A code that only you have:", type: "2468\r" },
        { when: "The same again:", type: "2469\r" },
      ],
    );
    expect([unlike.code, unlike.screen]).toEqual([2, expect.stringContaining("not the same")]);
    expect((await runCli(["pin"], { env })).code).toBe(2);
  });
});
