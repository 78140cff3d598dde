/**
 * Text of strangers that hides something, on every surface: what a person decides by, what a model reads, what a terminal
 * shows. And names that only look like another of the catalog.
 */
import { describe, expect, it, onTestFinished } from "vitest";
import { createCodemode, createFunctionsSource } from "../../src/index.ts";
import type { Codemode } from "../../src/index.ts";
import { toInstructions } from "../../src/surfaces/mcp/to-instructions.ts";
import { questionsToForm } from "../../src/surfaces/mcp/question-form.ts";
import { toPlainText } from "../../src/surfaces/cli/terminal.ts";
import { engines } from "./hostile-host.ts";

const [, createEngine] = engines[0] ?? [];
/** A tag text, a joiner, a soft hyphen, fillers, an override, a byte order mark, a variation selector, a terminal's escape. */
const tricks =
  "x\u{E0049}\u{E0067}\u200Dy\u00ADz\u115F\u3164\uFFA0\u034F\u202Egpj\u2066\uFEFF\uFE0F\u180E\u001B[2J";
const hidden = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cf}]|(?!\n)\p{Cc}/u;

function start(name = "s", tools: readonly string[] = ["send"]): Codemode {
  return open([[name, tools]]);
}

function open(named: readonly (readonly [string, readonly string[]])[]): Codemode {
  if (createEngine === undefined) throw new Error("no engine");
  const sources = named.map(([name, tools]) =>
    createFunctionsSource(
      name,
      Object.fromEntries(
        tools.map((tool) => [
          tool,
          {
            title: `Send ${tricks}`,
            description: `Sends a letter. ${tricks}`,
            effect: "write" as const,
            input: {
              type: "object",
              properties: { [`to${tricks}`]: { enum: [`a${tricks}`], description: `To ${tricks}` } },
            },
            run: () => "sent",
          },
        ]),
      ),
    ),
  );
  const codemode = createCodemode({ sources, engine: createEngine(), check: "off" });
  onTestFinished(() => codemode.close());
  return codemode;
}

describe("hidden characters", () => {
  it("of arguments are shown to whoever decides, in text, form and answer", async () => {
    const codemode = start();
    const { document, text } = await codemode.execute({
      code: `return await tools.s.send(${JSON.stringify({ note: tricks, [`k${tricks}`]: 1 })})`,
    });
    expect(document.status).toBe("paused");
    const questions = await codemode.questions({ runId: document.runId });
    const form = questionsToForm(questions);
    for (const shown of [
      text,
      questions.text,
      JSON.stringify(form?.params),
      toPlainText(JSON.stringify(document)),
    ])
      expect(shown).not.toMatch(hidden);
    expect(questions.text).toContain("x\\udb40\\udc49");
    expect(toPlainText(tricks)).toContain("⟨U+00AD⟩z⟨U+115F⟩⟨U+3164⟩⟨U+FFA0⟩");
  });

  it("of what a snippet asks are shown, titles and choices too, and a choice is what is answered", async () => {
    const codemode = start();
    const schema = {
      type: "object",
      title: `T${tricks}`,
      properties: { region: { type: "string", title: `Re${tricks}`, description: tricks } },
    };
    const { document } = await codemode.execute({
      code: `return await codemode.input(${JSON.stringify({ message: `Where? ${tricks}`, schema })})`,
    });
    const form = questionsToForm(await codemode.questions({ runId: document.runId }));
    expect(JSON.stringify(form?.params)).not.toMatch(hidden);
    expect(JSON.stringify(form?.params)).toContain("Rex⟨U+E0049⟩");
    expect(JSON.stringify(document.pending?.[0]?.question)).not.toMatch(hidden);

    const choices = { type: "string", enum: ["eu", `eu${tricks}`] };
    const asked = await codemode.execute({
      code: `return await codemode.input(${JSON.stringify({ message: "Which?", schema: choices })})`,
    });
    const choice = questionsToForm(await codemode.questions({ runId: asked.document.runId }));
    expect(JSON.stringify(choice?.params)).not.toMatch(hidden);
    expect(choice?.params.requestedSchema.properties["answer"]).toMatchObject({ description: "As JSON" });
    await codemode.answer({ runId: asked.document.runId, approve: true, value: `eu${tricks}` });
    const { document: ended } = await codemode.resume({ runId: asked.document.runId });
    expect(ended.result).toBe(`eu${tricks}`);
  });

  it("of a source's words are shown to whoever reads of its tools", async () => {
    const codemode = start();
    await codemode.catalog({ fresh: true });
    const texts = [
      await codemode.searchText({ query: "send letter", detail: "full" }),
      await codemode.searchText({ query: "send letter" }),
      await codemode.searchText({ query: "" }),
      await codemode.describe("s"),
      await codemode.describe("s.send"),
      await codemode.types("s"),
      codemode.inline() ?? "",
      toInstructions(codemode),
    ];
    for (const text of texts) expect(text).not.toMatch(hidden);
    expect(texts[0]).toContain("⟨U+E0049⟩");
    expect(texts[4]).toContain("⟨U+E0049⟩");
  });

  it("cannot be in a tool's path", async () => {
    const codemode = start("s", [`se${tricks}nd`, "a\u3164b"]);
    const paths = [...(await codemode.catalog({ fresh: true })).tools.keys()];
    expect(paths.join(" ")).not.toMatch(hidden);
    expect(paths).toContain("s.a_b");
  });
});

describe("a name that only looks like another", () => {
  it.each([
    ["a source in another script", "linear", "lіnear", "U+0456"],
    ["a source with I for l", "mail", "maiI", "U+0049"],
    ["a source with rn for m", "home", "horne", "horne"],
  ])("is marked: %s", async (_, real, other, told) => {
    const codemode = open([
      [real, ["send"]],
      [other, ["send_it"]],
    ]);
    await codemode.catalog({ fresh: true });
    const found = await codemode.searchText({ query: "send letter" });
    for (const text of [
      found,
      await codemode.searchText({ query: "" }),
      await codemode.describe(`${other}.send_it`),
    ]) {
      expect(text).toContain(`only looks like ${real}`);
      expect(text).toContain(told);
    }
    const { document, text } = await codemode.execute({ code: `return await tools.${other}.send_it({})` });
    expect(text).toContain(`only looks like ${real}`);
    const asked = await codemode.questions({ runId: document.runId });
    expect(asked.text).toContain(`only looks like ${real}`);
  });

  it("is marked among the tools of one source, and both are", async () => {
    const codemode = start("s", ["get_l", "get_I", "get_x"]);
    const { tools } = await codemode.catalog({ fresh: true });
    expect([...tools.values()].map(({ path, looksLike }) => [path, looksLike])).toEqual([
      ["s.get_I", "s.get_l"],
      ["s.get_l", "s.get_I"],
      ["s.get_x", undefined],
    ]);
  });

  it("is not one that looks like none, whatever its script", async () => {
    const codemode = open([
      ["почта", ["send"]],
      ["mail", ["send", "list", "l1st_x"]],
    ]);
    const { tools, sources } = await codemode.catalog({ fresh: true });
    expect([...tools.values(), ...sources].filter(({ looksLike }) => looksLike !== undefined)).toEqual([]);
  });
});
