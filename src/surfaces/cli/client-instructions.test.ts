import { expect, test } from "vitest";
import { clientInstructions } from "./client-instructions.ts";

const url = "http://127.0.0.1:4000/mcp";

/** The words of the line for one client. */
function lineFor(client: string, text: string): string {
  const line = text.split("\n").find((each) => each.trimStart().startsWith(client)) ?? "";
  return line.trimStart().slice(client.length).trim();
}

test("without a token no line carries one", () => {
  const text = clientInstructions(url, { token: undefined });
  expect(text).not.toMatch(/bearer|token/i);
  expect(lineFor("Codex", text)).toBe(`codex mcp add codemode --url ${url}`);
});

test("the operator's token is named by its variable and never shown", () => {
  const text = clientInstructions(url, { token: { from: "operator" } });
  expect(lineFor("Claude Code", text)).toContain('"Authorization: Bearer $CODEMODE_TOKEN"');
  expect(lineFor("Codex", text)).toContain("--bearer-token-env-var CODEMODE_TOKEN");
  expect(text).toContain("with CODEMODE_TOKEN set to the value of server.token.");
});

test("the server's own is in every line, so that each works as it is copied", () => {
  const value = "w1th-0wn_t0ken";
  const text = clientInstructions(url, { token: { from: "server", value } });
  const bearer = `Bearer ${value}`;
  expect(lineFor("Claude Code", text)).toBe(
    `claude mcp add --transport http codemode ${url} --header "Authorization: ${bearer}"`,
  );
  expect(lineFor("Codex", text)).toBe(
    `~/.codex/config.toml: mcp_servers.codemode = { url = "${url}", http_headers = { Authorization = "${bearer}" } }`,
  );
  const cursor = JSON.parse(lineFor("Cursor", text).replace("~/.cursor/mcp.json: ", ""));
  expect(cursor.mcpServers.codemode).toEqual({ url, headers: { Authorization: bearer } });
  const code = JSON.parse(/'(.*)'/.exec(lineFor("VS Code", text))?.[1] ?? "");
  expect(code).toEqual({ name: "codemode", type: "http", url, headers: { Authorization: bearer } });
  expect(text).not.toContain("CODEMODE_TOKEN");
});
