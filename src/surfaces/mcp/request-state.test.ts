import type { CallToolResult } from "@modelcontextprotocol/client";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { Codemode } from "../../index.ts";
import {
  accept,
  connectAsking,
  documentOf,
  orderOne,
  startShop,
} from "../../../test/fixtures/asking-client.ts";
import type { Answer } from "../../../test/fixtures/asking-client.ts";

describe("a state that a client of the 2026-07-28 era brings back", () => {
  interface Round {
    readonly requestState: string;
    readonly again: (
      state: string | undefined,
      args?: object,
      content?: Record<string, string>,
    ) => Promise<CallToolResult>;
    readonly sent: string[];
    readonly codemode: Codemode;
  }

  const withAnswer = (state: string | undefined, args: object, content: Record<string, string>) => ({
    method: "tools/call" as const,
    params: {
      name: "execute",
      arguments: { ...args },
      ...(state === undefined ? {} : { requestState: state }),
      inputResponses: { answers: accept(content) },
    },
  });

  async function ask(now?: () => number): Promise<Round> {
    const { codemode, sent } = startShop();
    const answer: Answer = () => ({ action: "cancel" });
    const options = { answer, manual: true, ...(now === undefined ? {} : { now }) };
    const client = await connectAsking(codemode, "2026-07-28", options);
    const result: unknown = await client.request(
      { method: "tools/call", params: { name: "execute", arguments: { code: orderOne } } },
      { allowInputRequired: true },
    );
    const { requestState } = z.looseObject({ requestState: z.string() }).parse(result);
    return {
      requestState,
      sent,
      codemode,
      again: (state, args = { code: orderOne }, content = { decision: "approve" }) =>
        client.request(withAnswer(state, args, content)),
    };
  }

  const textOf = ({ content: [block] }: CallToolResult): string => (block?.type === "text" ? block.text : "");

  test("counts once", async () => {
    const { requestState, again, sent } = await ask();
    expect(documentOf(await again(requestState))).toMatchObject({ status: "completed" });
    const replayed = await again(requestState);
    expect(replayed.isError).toBe(true);
    expect(textOf(replayed)).toContain("approval_state_invalid");
    expect(sent).toEqual(["pear"]);
  });

  test("counts once after a restart of the server, too", async () => {
    const { requestState, again, sent, codemode } = await ask();
    expect(documentOf(await again(requestState))).toMatchObject({ status: "completed" });
    const restarted = await connectAsking(codemode, "2026-07-28", {
      answer: () => ({ action: "cancel" }),
      manual: true,
    });
    const replayed: CallToolResult = await restarted.request(
      withAnswer(requestState, { code: orderOne }, { decision: "approve" }),
    );
    expect(textOf(replayed)).toContain("approval_not_pending");
    expect(sent).toEqual(["pear"]);
  });

  test("is good at a server that was restarted meanwhile", async () => {
    const { requestState, sent, codemode } = await ask();
    const restarted = await connectAsking(codemode, "2026-07-28", {
      answer: () => ({ action: "cancel" }),
      manual: true,
    });
    const result: CallToolResult = await restarted.request(
      withAnswer(requestState, { code: orderOne }, { decision: "approve" }),
    );
    expect(documentOf(result).status).toBe("completed");
    expect(sent).toEqual(["pear"]);
  });

  test("is of no use to another principal", async () => {
    const { requestState, sent, codemode } = await ask();
    const options = { answer: () => accept({}), manual: true, principal: "mallory" } as const;
    const other = await connectAsking(codemode, "2026-07-28", options);
    const result: CallToolResult = await other.request(
      withAnswer(requestState, { code: orderOne }, { decision: "approve" }),
    );
    expect(textOf(result)).toContain("approval_state_invalid");
    expect(sent).toEqual([]);
  });

  test.each([
    ["forged", (state: string) => `${state.startsWith("A") ? "B" : "A"}${state.slice(1)}`],
    ["cut", (state: string) => state.slice(0, -4)],
    ["empty", () => ""],
    ["invented", () => Buffer.from("run_1 approved, as agreed upon").toString("base64url")],
    ["missing", () => undefined],
  ])("is refused when it is %s", async (_what, change) => {
    const { requestState, again, sent, codemode } = await ask();
    const result = await again(change(requestState));
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain("approval_state_invalid");
    expect(sent).toEqual([]);
    expect(await codemode.runs()).toMatchObject([{ status: "paused" }]);
  });

  test("is refused beside another snippet", async () => {
    const { requestState, again, sent } = await ask();
    const result = await again(requestState, { code: `return await tools.shop.order({ what: "fig" })` });
    expect(textOf(result)).toContain("approval_state_invalid");
    expect(sent).toEqual([]);
  });

  test("is refused when it has expired", async () => {
    let now = Date.now();
    const { requestState, again, sent } = await ask(() => now);
    now += 3_600_001;
    expect(textOf(await again(requestState))).toContain("approval_state_invalid");
    expect(sent).toEqual([]);
  });

  test("is worth nothing once somebody else has answered", async () => {
    const { requestState, again, sent, codemode } = await ask();
    const [run] = await codemode.runs();
    await codemode.answer({ runId: run?.runId ?? "", approve: false });
    expect(textOf(await again(requestState))).toContain("approval_not_pending");
    expect(sent).toEqual([]);
  });
});
