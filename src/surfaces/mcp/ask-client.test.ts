import type { CallToolResult, Client, ElicitResult } from "@modelcontextprotocol/client";
import { describe, expect, test } from "vitest";
import {
  accept,
  connectAsking,
  documentOf,
  eras,
  orderOne,
  startShop,
} from "../../../test/fixtures/asking-client.ts";

const orderTwo = `
const seen = await tools.shop.look({ what: "pear" });
const got = await Promise.allSettled([tools.shop.order({ what: "pear" }), tools.shop.order({ what: "fig" })]);
return [seen, ...got.map((each) => each.value ?? each.reason.message)];`;
const execute = (client: Client, code: string): Promise<CallToolResult> =>
  client.callTool({ name: "execute", arguments: { code } });

describe.each(eras)("a client of the %s era", (era) => {
  test("is asked once for all calls of a turn, and the same execute goes on", async () => {
    const { codemode, sent } = startShop();
    const asked: string[] = [];
    const client = await connectAsking(codemode, era, {
      answer: (message) => {
        asked.push(message);
        return accept({ decision: "approve" });
      },
    });
    const document = documentOf(await execute(client, orderTwo));
    expect(document).toMatchObject({
      status: "completed",
      result: ["a pear", "ordered pear", "ordered fig"],
    });
    expect(sent.toSorted()).toEqual(["fig", "pear"]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain("tools.shop.order, a write call");
    expect(asked[0]).toContain('"what": "pear"');
    expect(asked[0]).toContain('"what": "fig"');
    expect(asked[0]).toContain("1 reads");
    expect(asked[0]).toContain("| const seen = await");
  });

  test("answers question after question", async () => {
    const { codemode, sent } = startShop();
    let asked = 0;
    const client = await connectAsking(codemode, era, {
      answer: () => {
        asked += 1;
        return accept({ decision: "approve" });
      },
    });
    const code = `await tools.shop.order({ what: "a" }); await tools.shop.order({ what: "b" }); return 1`;
    expect(documentOf(await execute(client, code)).status).toBe("completed");
    expect(sent).toEqual(["a", "b"]);
    expect(asked).toBe(2);
  });

  test("decides call by call, with a comment for the model", async () => {
    const { codemode, sent } = startShop();
    const client = await connectAsking(codemode, era, {
      answer: (message) => {
        const fig = /Call (\d+): [^]*?"what": "(?:pear|fig)"/g;
        const seqs = [...message.matchAll(fig)].map((match) => match[1] ?? "");
        return accept({ decision: "approve", [`call_${seqs[1]}`]: "reject", comment: "no figs" });
      },
    });
    const { result } = documentOf(await execute(client, orderTwo));
    expect(sent).toEqual(["pear"]);
    expect(JSON.stringify(result)).toContain("no figs");
  });

  test.each([
    ["declines", { action: "decline" }, "failed"],
    ["closes the form", { action: "cancel" }, "paused"],
  ] as const)("that %s sends nothing", async (_what, response, status) => {
    const { codemode, sent } = startShop();
    const client = await connectAsking(codemode, era, { answer: () => response });
    const document = documentOf(await execute(client, orderOne));
    expect(document.status).toBe(status);
    expect(sent).toEqual([]);
  });

  test("that cannot ask gets the paused run", async () => {
    const { codemode, sent } = startShop();
    const document = documentOf(await execute(await connectAsking(codemode, era), orderOne));
    expect(document).toMatchObject({ status: "paused", pending: [{ path: "shop.order" }] });
    expect(sent).toEqual([]);
  });

  test("is not asked by a dry run, which lists the writes", async () => {
    const { codemode, sent } = startShop();
    const client = await connectAsking(codemode, era, { answer: () => accept({ decision: "approve" }) });
    const result = await client.callTool({ name: "execute", arguments: { code: orderOne, dryRun: true } });
    expect(documentOf(result)).toMatchObject({
      status: "completed",
      dryRun: true,
      writes: [{ args: { what: "pear" } }],
    });
    expect(sent).toEqual([]);
  });

  test("is asked again by execute({ resume })", async () => {
    const { codemode, sent } = startShop();
    const first = documentOf(await execute(await connectAsking(codemode, era), orderOne));
    const client = await connectAsking(codemode, era, { answer: () => accept({ decision: "approve" }) });
    const resumed = await client.callTool({ name: "execute", arguments: { resume: first.runId } });
    expect(documentOf(resumed)).toMatchObject({ runId: first.runId, status: "completed" });
    expect(sent).toEqual(["pear"]);
  });

  test("is shown what would hide, made visible", async () => {
    const { codemode } = startShop();
    let shown = "";
    const client = await connectAsking(codemode, era, {
      answer: (message) => {
        shown = message;
        return { action: "cancel" };
      },
    });
    await execute(
      client,
      `// \u202Eevil\u001B[31m\nreturn await tools.shop.order({ what: "\\u202Egpj.exe" })`,
    );
    expect(shown).not.toMatch(/\p{Cc}(?<!\n)|\p{Cf}/u);
    expect(shown).toContain("\\u202egpj.exe");
    expect(shown).toContain("⟨U+202E⟩evil⟨U+001B⟩[31m");
  });
});

describe("a client of the initialize era", () => {
  test("that is slow gets the paused run, and its late answer counts for nothing", async () => {
    const { codemode, sent } = startShop();
    const late = Promise.withResolvers<ElicitResult>();
    const client = await connectAsking(codemode, "initialize", { answer: () => late.promise, waitMs: 100 });
    expect(documentOf(await execute(client, orderOne)).status).toBe("paused");
    late.resolve(accept({ decision: "approve" }));
    expect(sent).toEqual([]);
  });

  test("that goes while it is asked leaves a paused run", async () => {
    const { codemode, sent } = startShop();
    const client = await connectAsking(codemode, "initialize", {
      answer: async () => {
        await client.close();
        return accept({ decision: "approve" });
      },
    });
    await expect(execute(client, orderOne)).rejects.toThrow();
    await expect.poll(async () => (await codemode.runs())[0]?.status, { timeout: 10_000 }).toBe("paused");
    expect(sent).toEqual([]);
  });

  test.each([[{}], [{ decision: "yes" }], [{ comment: "approve" }]])(
    "that answers %j has agreed to nothing",
    async (content) => {
      const { codemode, sent } = startShop();
      const client = await connectAsking(codemode, "initialize", {
        answer: () => ({ action: "accept", content }),
      });
      const outcome = await execute(client, orderOne).then(
        (result) => documentOf(result).status,
        () => "refused by the client",
      );
      expect(outcome).not.toBe("completed");
      expect(sent).toEqual([]);
    },
  );
});
