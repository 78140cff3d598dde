import { expect, it } from "vitest";
import { createMcpSource } from "../mcp/create-mcp-source.ts";
import { createOpenApiSource } from "../openapi/create-openapi-source.ts";
import { createUtcpSource } from "../utcp/create-utcp-source.ts";
import type { Source } from "../../spec/source.ts";
import { petsDocument } from "../../../test/fixtures/openapi/pets.ts";
import { shownArguments, shownTable, shownUrl } from "./shown-settings.ts";

const token = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";

it.each([
  ["as it is", "https://api.example.com/v1/", "https://api.example.com/v1/"],
  [
    "without a password, with the user's name",
    "https://ada:hunter2@db.example/x",
    "https://ada@db.example/x",
  ],
  ["without a user that may be a key", `https://${token}@github.com/a`, "https://‹hidden›@github.com/a"],
  [
    "without secret parameters",
    "https://a.example/?api_key=hunter2&org=7",
    "https://a.example?api_key=‹hidden›&org=7",
  ],
  ["without a personal path", `https://a.example/s/${token}/mcp`, "https://a.example/s/‹hidden›/mcp"],
  ["text that is none", "./openapi.json", "./openapi.json"],
])("a URL %s", (_, text, shown) => {
  expect(shownUrl(text)).toBe(shown);
});

const written = (text: string): { template: string; text: string } => ({ template: text, text });

it.each([
  ["of one word", [`--token=${token}`], ["--token=‹hidden›"]],
  [
    "of two words",
    ["--api-key", "hunter2", "--root", "hunter2"],
    ["--api-key", "‹hidden›", "--root", "hunter2"],
  ],
  ["as an assignment", ["API_KEY=hunter2", "MODE=fast"], ["API_KEY=‹hidden›", "MODE=fast"]],
  ["that gives itself away", [token, "server-github"], ["‹hidden›", "server-github"]],
  ["in a URL", ["--url=https://u:p4ssword@h.example"], ["--url=https://u@h.example"]],
  ["of a webhook", ["--webhook", "https://hooks.example/T0/B0/x"], ["--webhook", "https://hooks.example"]],
  [
    "of a database",
    ["--dsn", "postgres://u:p@db.example/staging"],
    ["--dsn", "postgres://u@db.example/staging"],
  ],
])("an argument %s", (_, args, shown) => {
  expect(shownArguments(args.map(written))).toEqual(shown);
});

it.each([
  ["a host by its look", "${X}", "db.example:5432", "db.example:5432"],
  ["a place by its name", "${API_REGION}", "eu", "eu"],
  ["a file", "${X}", "/srv/data", "/srv/data"],
  ["whatever else somebody keeps there", "${X}", "hunter2", "‹hidden›"],
])("of what a variable held: %s", (_, template, text, shown) => {
  expect(shownArguments([{ template, text }])).toEqual([shown]);
});

it("of variables and headers those that say where", () => {
  const table = {
    API_URL: "https://s.example",
    "X-Org-Id": "acme",
    TOKEN: "hunter2",
    MODE: "fast",
    AUTH_URL: "x",
  };
  const filled = Object.fromEntries(Object.entries(table).map(([name, text]) => [name, written(text)]));
  expect(shownTable(filled)).toEqual({
    API_URL: "https://s.example",
    "X-Org-Id": "acme",
    AUTH_URL: "‹hidden›",
  });
});

const request = { principal: "local", signal: new AbortController().signal };
const environment: { readonly [name: string]: string } = {
  GITHUB_TOKEN: token,
  API_HOST: "api.example",
  API_URL: "https://api.example",
  SECRET: "hunter2",
};
const resolve = (template: string): string =>
  template.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => environment[name] ?? "");

it.each<[string, () => Source, object]>([
  [
    "an MCP server that is started",
    () =>
      createMcpSource("s", {
        transport: "stdio",
        command: "node",
        args: ["server.js", "--host", "${API_HOST}", "--token", "${GITHUB_TOKEN}", "${SECRET}"],
        env: { API_URL: "${API_URL}", GITHUB_TOKEN: "${GITHUB_TOKEN}", OTHER: "${SECRET}" },
        cwd: "/srv",
        resolve,
      }),
    {
      kind: "mcp",
      command: ["node", "server.js", "--host", "api.example", "--token", "‹hidden›", "‹hidden›"],
      folder: "/srv",
      settings: { API_URL: "https://api.example" },
    },
  ],
  [
    "an MCP server behind a URL",
    () =>
      createMcpSource("s", {
        transport: "http",
        url: "https://${API_HOST}/mcp?key=${SECRET}",
        headers: { Authorization: "Bearer ${GITHUB_TOKEN}", "X-Account": async () => "given by a function" },
        resolve,
      }),
    { kind: "mcp", url: "https://api.example/mcp?key=‹hidden›" },
  ],
  [
    "an API whose document says where it is",
    () => createOpenApiSource("s", { spec: petsDocument(), account: "ada" }),
    { kind: "openapi", baseUrl: "https://pets.example/v1", account: "ada" },
  ],
  [
    "an API that the operator has moved",
    () =>
      createOpenApiSource("s", {
        spec: "https://never.example/openapi.json",
        baseUrl: "https://s.example/v1/",
      }),
    { kind: "openapi", url: "https://never.example/openapi.json", baseUrl: "https://s.example/v1" },
  ],
  [
    "a UTCP manual",
    () =>
      createUtcpSource("s", {
        manual: {
          utcp_version: "1.0.1",
          manual_version: "1",
          tools: [
            {
              name: "get",
              description: "Gets.",
              inputs: { type: "object", properties: {} },
              tool_call_template: {
                call_template_type: "http",
                url: "https://u.example/x",
                http_method: "GET",
              },
            },
          ],
        },
      }),
    { kind: "utcp", baseUrl: "https://u.example" },
  ],
])("the identity of %s has no secret in it", async (name, create, identity) => {
  const source = create();
  const offline = name.includes("moved");
  try {
    const found = await source.identity({ ...request, ...(offline ? { offline } : {}) });
    expect(found).toEqual(identity);
    expect(JSON.stringify(found)).not.toMatch(new RegExp(`hunter2|${token}`));
  } finally {
    await source[Symbol.asyncDispose]();
  }
});

it("leaves out what only the document says while it is not known", async () => {
  const source = createOpenApiSource("s", { spec: petsDocument() });
  expect(await source.identity({ ...request, offline: true })).toEqual({ kind: "openapi" });
  await source[Symbol.asyncDispose]();
});
