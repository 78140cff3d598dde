/** Tools that answer with a text, and tools that run a command of the manual. */
import { describe, expect, onTestFinished, test } from "vitest";
import { callSource, listSource } from "../../../test/fixtures/openapi/call-source.ts";
import { canary, failure } from "../../../test/fixtures/openapi/pets.ts";
import type { Source } from "../../spec/source.ts";
import type { Value } from "../../spec/value.ts";
import { createUtcpSource } from "./create-utcp-source.ts";
import type { UtcpSourceOptions } from "./utcp-source-options.ts";

function open(options: UtcpSourceOptions): Source {
  const source = createUtcpSource("kit", options);
  onTestFinished(() => source[Symbol.asyncDispose]());
  return source;
}

const inputs = { type: "object", properties: { id: { type: "string" } } };

function tool(name: string, template: object, over: object = {}): object {
  return { name, description: "", inputs, tool_call_template: template, ...over };
}

const manualOf = (...tools: unknown[]): object => ({ utcp_version: "1.0.1", manual_version: "1.0.0", tools });

describe("text and commands", () => {
  const cli = (command: string, over: object = {}): object => ({
    call_template_type: "cli",
    commands: [{ command }],
    ...over,
  });
  const run = (command: string, args: Value, over: object = {}, context = {}): Promise<Value> =>
    callSource(
      open({
        manual: manualOf(tool("t", cli(command, over))),
        commands: true,
        variables: async () => ({ WORD: canary }),
      }),
      "t",
      args,
      context,
    );

  test("a text tool answers with its text, and reads", async () => {
    const source = open({ manual: manualOf(tool("t", { call_template_type: "text", content: "Be kind." })) });
    expect((await listSource(source)).tools[0]?.effect).toBe("read");
    expect(await callSource(source, "t", {})).toBe("Be kind.");
  });

  test("a command's output is read as JSON where it is, and as text where not", async () => {
    expect(await run("echo '{\"a\": 1}'", {})).toEqual({ a: 1 });
    expect(await run("printf 'two\\nlines\\n'", {})).toBe("two\nlines");
    const length = await run('echo "${#GREETING}"', {}, { env_vars: { GREETING: "hi $WORD" } });
    expect(length).toBe(`hi ${canary}`.length);
    expect(await run('echo "$GREETING"', {}, { env_vars: { GREETING: "hi $WORD" } })).toBe("hi ‹hidden›");
  });

  test.each([
    "$(touch /tmp/codemode-utcp-owned)",
    "`id`",
    "; id",
    "' ; id ; '",
    '" ; id ; "',
    "| id",
    "&& id",
    "$HOME",
    "-n",
    "*",
  ])("an argument is never part of the command: %s", async (id) => {
    expect(await run('printf "=%s" "UTCP_ARG_id_UTCP_END"', { id })).toBe(`=${id}`);
  });

  test("it sees none of the host's environment but PATH", async () => {
    const printed = await run("env | cut -d= -f1 | sort", { id: "1" });
    const seen = typeof printed === "string" ? printed.split("\n") : [];
    expect(
      seen.filter((name) => !["PATH", "PWD", "OLDPWD", "SHLVL", "_", "UTCP_ARG_id"].includes(name)),
    ).toEqual([]);
  });

  test("its failure, its silence and its flood are told", async () => {
    expect(await failure(run("echo wrong >&2; exit 3", {}))).toMatchObject({
      code: "tool_failed",
      message: "The command ended with 3: wrong",
    });
    expect(await failure(run("sleep 30 & wait", {}, {}, { timeoutMs: 200 }))).toMatchObject({
      code: "source_timeout",
    });
    expect(await failure(run("yes", {}, {}, { maxResultBytes: 1_000 }))).toMatchObject({
      code: "tool_result_invalid",
    });
    expect(await run("head -c 1000 /dev/zero | tr '\\0' x", {}, {}, { maxResultBytes: 1_000 })).toHaveLength(
      1_000,
    );
  });

  test("an older manual's single command works", async () => {
    const template = { provider_type: "cli", command_name: "echo old" };
    const source = open({
      manual: manualOf(tool("t", {}, { tool_call_template: undefined, tool_provider: template })),
      commands: true,
    });
    expect(await callSource(source, "t", {})).toBe("old");
  });
});
