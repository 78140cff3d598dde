/**
 * Upstreams that say again what they were sent, in every spelling there is and on every way back: whatever they are
 * sent (headers, environment, credentials, variables), nothing of it reaches the answer, the text for the model, the
 * events, the journal or what is said of the source.
 */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  createCodemode,
  createFunctionsSource,
  createMcpSource,
  createMemoryJournal,
  createOpenApiSource,
  createUtcpSource,
  hideSecrets,
  type Source,
} from "../../src/index.ts";
import { startRawHttp } from "../fixtures/mcp/raw-http.ts";
import { startRecordingServer } from "../fixtures/openapi/recording-server.ts";
import { engines } from "./hostile-host.ts";

const token = "tok/en&with+marks=7<>q8w9";
const base64 = (before: string): string => Buffer.from(`${before}${token}${before}`).toString("base64");

/** What an upstream answers with, as JSON text. */
const spellings: readonly (readonly [name: string, json: string])[] = [
  ["JSON", JSON.stringify(token)],
  ["JSON as PHP writes it", JSON.stringify(token).replaceAll("/", "\\/")],
  [
    "JSON as Go writes it",
    JSON.stringify(token).replaceAll(/[&<>]/g, (each) => `\\u00${each.charCodeAt(0).toString(16)}`),
  ],
  [
    "every character escaped",
    `"${token
      .split("")
      .map((each) => `\\u00${each.charCodeAt(0).toString(16)}`)
      .join("")}"`,
  ],
  ["a URL", JSON.stringify(`https://example.com/?t=${encodeURIComponent(token)}`)],
  ["HTML", JSON.stringify(token.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"))],
  ["JSON within JSON", JSON.stringify(JSON.stringify({ token }).replaceAll("/", "\\/"))],
  ["a key", `{${JSON.stringify(token)}:1}`],
  ...["", "1", "12"].map((before) => [`Base64 ${before}`, JSON.stringify(base64(before))] as const),
];

/** Everything that a token leaves behind when it is only partly hidden: eight characters of any spelling of it. */
function expectHidden(whole: string): void {
  const forms = [token, encodeURIComponent(token), base64(""), base64("1").slice(2), base64("12").slice(3)];
  const plain = whole.replaceAll(/\\+u00([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  for (const text of [
    whole,
    plain,
    plain.replaceAll("\\", "").replaceAll("&amp;", "&").replaceAll("&lt;", "<").replaceAll("&gt;", ">"),
  ])
    for (const form of forms)
      for (let at = 0; at + 8 < form.length - 4; at += 1) expect(text).not.toContain(form.slice(at, at + 8));
}

const [, createEngine] = engines[0] ?? [];

/** Calls every tool once with each spelling, and looks at all that is left of it. */
async function attack(source: Source, calls: readonly string[]): Promise<string> {
  if (createEngine === undefined) throw new Error("no engine");
  const journal = createMemoryJournal();
  await using codemode = createCodemode({
    sources: [source],
    engine: createEngine(),
    journal,
    check: "off",
    policy: "allow-all",
  });
  const events: unknown[] = [];
  let whole = "";
  for (const call of calls) {
    const run = await codemode.execute({
      code: `try { const said = await ${call}; console.log(said); return said } catch (error) { console.log(error.message, error.data); return [error.code, error.message, error.data, error.hint] }`,
      onEvent: (event: unknown) => events.push(event),
    });
    const { document } = run;
    expect(document.status).toBe("completed");
    const timeline = await codemode.show({ runId: document.runId, timeline: true });
    const row = [await journal.run("local", document.runId), await journal.calls(document.runId)];
    whole += JSON.stringify([document, run.text, timeline, row], (_, each: unknown) =>
      typeof each === "bigint" ? String(each) : each,
    );
  }
  whole += JSON.stringify([
    events,
    source.status(),
    await source.list({ signal: AbortSignal.timeout(5_000) }).catch((thrown: unknown) => String(thrown)),
  ]);
  expectHidden(whole);
  expect(whole).toContain("‹hidden›");
  return whole;
}

describe("a token that comes back", () => {
  it("from an API, by its body, its headers and its refusals", async () => {
    await using server = await startRecordingServer(({ target, headers }) => {
      expect(headers.find(([name]) => name.toLowerCase() === "authorization")?.[1]).toBe(`Bearer ${token}`);
      const [, kind, index] = target.split("/");
      const body = spellings[Number(index)]?.[1] ?? "";
      if (kind === "json") return { headers: { "content-type": "application/json" }, body };
      if (kind === "broken") return { headers: { "content-type": "application/json" }, body: `{"a":${body}` };
      if (kind === "bytes")
        return { headers: { "content-type": "application/octet-stream" }, body: `\u0000${body}` };
      if (kind === "refused")
        return {
          status: 400,
          headers: { "content-type": "application/json", "www-authenticate": token },
          body: `{"message":${body}}`,
        };
      return { headers: { "content-type": "text/plain" }, body: `x${body}` };
    });
    const parameters = ["kind", "at"].map((name) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string" },
    }));
    const source = createOpenApiSource("api", {
      spec: {
        openapi: "3.1.0",
        info: { title: "a", version: "1" },
        paths: { "/{kind}/{at}": { get: { operationId: "echo", parameters, responses: {} } } },
      },
      baseUrl: server.origin,
      credentials: { for: async () => ({ bearer: token }) },
      request: true,
    });
    const kinds = ["json", "broken", "bytes", "refused", "text"];
    await attack(source, [
      ...kinds.flatMap((kind) =>
        spellings.map((_, at) => `tools.api.echo({ kind: "${kind}", at: "${at}" })`),
      ),
      'tools.api.request({ method: "GET", path: "/refused/1" })',
    ]);
  });

  it("from a server that is a command: data, text, errors, progress, its listing, its last words", async () => {
    const source = createMcpSource("server", {
      transport: "stdio",
      command: process.execPath,
      args: [join(import.meta.dirname, "../fixtures/mcp/echoing-stdio.ts")],
      env: { SERVER_TOKEN: "${TOKEN}" },
      resolve: (template) => template.replace("${TOKEN}", token),
      timeouts: { probe: 500, stop: 300 },
    });
    const asked = spellings
      .map(([, json]) => JSON.parse(json) as unknown)
      .filter((each) => typeof each === "string")
      .map((each) => `{ as: "${Buffer.from(each).toString("hex")}" }`);
    const calls = ["text", "data", "error", "refusal", "progress", "death"].flatMap((tool) =>
      (tool === "text" || tool === "error" ? asked : ["{}"]).map((args) => `tools.server.${tool}(${args})`),
    );
    const whole = await attack(source, calls);
    expect(whole).toContain("dying with ‹hidden›");
  });

  it("from a server that is a URL", async () => {
    let at = -1;
    const { url, seen } = await startRawHttp(({ method, response, id }) => {
      if (method !== "tools/call") return false;
      at += 1;
      response.writeHead(200, { "content-type": "application/json" });
      // The answer's own escapes are the server's.
      response.end(
        `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"content":[{"type":"text","text":${JSON.stringify(spellings[at % spellings.length]?.[1])}}],"structuredContent":{"said":${spellings[at % spellings.length]?.[1]}}}}`,
      );
      return true;
    });
    const source = createMcpSource("remote", {
      transport: "http",
      url,
      headers: { Authorization: `Bearer ${token}` },
    });
    await attack(
      source,
      spellings.map(() => "tools.remote.echo({})"),
    );
    expect(seen.some(({ headers }) => headers.authorization === `Bearer ${token}`)).toBe(true);
  });

  it("from a manual's commands and requests", async () => {
    await using server = await startRecordingServer(() => ({
      headers: { "content-type": "application/json" },
      body: `{"said":${spellings[1]?.[1]}}`,
    }));
    const inputs = { type: "object", properties: {} };
    const command = (name: string, text: string): object => ({
      name,
      inputs,
      tool_call_template: {
        call_template_type: "cli",
        commands: [{ command: text }],
        env_vars: { T: "$API_KEY" },
      },
    });
    const source = createUtcpSource("manual", {
      manual: {
        utcp_version: "1.0.1",
        manual_version: "1.0.0",
        tools: [
          command("say", 'printf "%s" "$T"'),
          command("encode", 'printf "%s" "$T" | base64'),
          command("fail", 'printf "%2000s%s" "$T" "" >&2; printf "%1990s" x >&2; exit 3'),
          {
            name: "ask",
            inputs,
            tool_call_template: {
              call_template_type: "http",
              url: `${server.origin}/x`,
              http_method: "GET",
              headers: { "X-Key": "$API_KEY" },
            },
          },
        ],
      },
      commands: true,
      origins: [server.origin],
      variables: async () => ({ API_KEY: token }),
    });
    await attack(
      source,
      ["say", "encode", "fail", "ask"].map((name) => `tools.manual.${name}({})`),
    );
    expect(server.last().headers).toContainEqual(["x-key", token]);
  });

  it("from functions whose program names their secrets", async () => {
    const source = createFunctionsSource("own", {
      say: {
        description: "Says it.",
        effect: "read",
        input: { type: "object" },
        run: () => ({ said: token }),
      },
      fail: {
        description: "Fails with it.",
        effect: "read",
        input: { type: "object" },
        run: () => Promise.reject(new Error(token)),
      },
    });
    await attack(hideSecrets(source, [token]), ["tools.own.say({})", "tools.own.fail({})"]);
  });
});
