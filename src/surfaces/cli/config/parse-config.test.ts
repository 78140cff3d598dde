import { describe, expect, test } from "vitest";
import { CodemodeError } from "../../../errors.ts";
import { parseConfig } from "./parse-config.ts";

const file = "/project/codemode.json";
const server = `"mcpServers": { "files": { "command": "node" } }`;

/** Of the file, or of the one entry that cannot be used. */
function failure(source: string): CodemodeError {
  try {
    const [wrong] = parseConfig(source, file).wrong;
    if (wrong !== undefined) return wrong.error;
  } catch (thrown) {
    if (thrown instanceof CodemodeError) return thrown;
    throw thrown;
  }
  throw new Error("it was accepted");
}

describe("a bad configuration is refused, with field, place and next step", () => {
  test.each<[string, string, string, RegExp, number | undefined]>([
    ["nothing", "", "config_unreadable", /empty|expected/, 1],
    ["half an object", `{ ${server}`, "config_unreadable", /close brace expected/, 1],
    [
      "a missing comma",
      `{ ${server}\n "limits": {} }`,
      "config_unreadable",
      /comma expected.*codemode\.json:2:2/,
      2,
    ],
    [
      "a number that cannot be kept",
      `{ ${server},\n "policy": { "rules": [{ "arguments": { "/id": { "equals": 725653563933458433 } }, "decision": "deny" }] } }`,
      "config_unreadable",
      /725653563933458433 is no number that can be kept exactly: write it as text.*codemode\.json:2:/,
      2,
    ],
    ["a list", "[]", "config_invalid", /the configuration must be an object, not a list/, 1],
    ["a key twice", `{ ${server},\n ${server} }`, "config_unreadable", /"mcpServers" stands there twice/, 2],
    ["no source", "{}", "config_invalid", /"mcpServers", "openapi" or "utcp" needs an entry/, undefined],
    ["empty tables", `{ "mcpServers": {}, "openapi": {} }`, "config_invalid", /needs an entry/, undefined],
    [
      "an unknown key",
      `{ ${server},\n "limts": {} }`,
      "config_invalid",
      /^limts is not a known key \(.*:2:2\)/,
      2,
    ],
    [
      "an unknown limit",
      `{ ${server}, "limits": { "callz": 1 } }`,
      "config_invalid",
      /limits\.callz is not a known key/,
      1,
    ],
    [
      "a key in a header of a server",
      `{ ${server}, "sources": { "files": { "idempotency": { "write_*": { "header": "Idempotency-Key" } } } } }`,
      "config_invalid",
      /sources\.files\.idempotency names a header/,
      1,
    ],
    [
      "a limit as text",
      `{ ${server}, "limits": { "calls": "5" } }`,
      "config_invalid",
      /limits\.calls must be a (whole )?number, not "5"/,
      1,
    ],
    [
      "a limit of zero",
      `{ ${server}, "limits": { "calls": 0 } }`,
      "config_invalid",
      /limits\.calls must be at least 1, not 0/,
      1,
    ],
    [
      "half a limit",
      `{ ${server}, "limits": { "calls": 1.5 } }`,
      "config_invalid",
      /limits\.calls must be a whole number, not 1\.5/,
      1,
    ],
    [
      "an unknown policy",
      `{ ${server}, "policy": "ask" }`,
      "config_invalid",
      /policy must be "read-only" or "ask-writes" or "allow-all", not "ask"/,
      1,
    ],
    ["a policy of another type", `{ ${server}, "policy": 3 }`, "config_invalid", /policy/, 1],
    [
      "a preset that is unknown",
      `{ ${server}, "policy": { "preset": "x" } }`,
      "config_invalid",
      /policy\.preset must be/,
      1,
    ],
    [
      "an unknown key in the policy",
      `{ ${server}, "policy": { "preset": "read-only", "rulez": [] } }`,
      "config_invalid",
      /policy\.rulez is not a known key/,
      1,
    ],
    [
      "a port out of range",
      `{ ${server}, "server": { "port": 70000 } }`,
      "config_invalid",
      /server\.port must be at most 65535, not 70000/,
      1,
    ],
    [
      "an effect that is none",
      `{ ${server}, "sources": { "files": { "effects": { "a": "reads" } } } }`,
      "config_invalid",
      /sources\.files\.effects\.a must be "read" or "write" or "destructive", not "reads"/,
      1,
    ],
    [
      "a server without command or url",
      `{ "mcpServers": { "a": {} } }`,
      "config_invalid",
      /mcpServers\.a needs a "command" to start or a "url"/,
      1,
    ],
    [
      "a server with both",
      `{ "mcpServers": { "a": { "command": "x", "url": "y" } } }`,
      "config_invalid",
      /mcpServers\.a has both/,
      1,
    ],
    [
      "a url over stdio",
      `{ "mcpServers": { "a": { "url": "y", "type": "stdio" } } }`,
      "config_invalid",
      /mcpServers\.a\.type is "stdio", which needs "command"/,
      1,
    ],
    [
      "a command over http",
      `{ "mcpServers": { "a": { "command": "y", "type": "http" } } }`,
      "config_invalid",
      /mcpServers\.a\.type is "http", which needs "url"/,
      1,
    ],
    [
      "an unknown transport",
      `{ "mcpServers": { "a": { "url": "y", "type": "ws" } } }`,
      "config_invalid",
      /mcpServers\.a\.type must be "stdio" or "http" or "sse"/,
      1,
    ],
    [
      "an argument that is no text",
      `{ "mcpServers": { "a": { "command": "x", "args": ["a",\n 1] } } }`,
      "config_invalid",
      /mcpServers\.a\.args\[1\] must be a string, not 1 \(.*:2:2\)/,
      2,
    ],
    [
      "a server that is no object",
      `{ "mcpServers": { "a": "npx" } }`,
      "config_invalid",
      /mcpServers\.a must be an object, not "npx"/,
      1,
    ],
    [
      "a name with a dot",
      `{ "mcpServers": { "a.b": { "command": "x" } } }`,
      "config_invalid",
      /mcpServers\."a\.b" must be a name/,
      1,
    ],
    [
      "a name of the prototype",
      `{ "mcpServers": { "__proto__": { "command": "x" }, "b": { "command": "x" } } }`,
      "config_unreadable",
      /nothing may be called "__proto__"/,
      1,
    ],
    [
      "an API without a document",
      `{ "openapi": { "a": {} } }`,
      "config_invalid",
      /openapi\.a\.spec is missing/,
      1,
    ],
    [
      "an unknown key of an API",
      `{ "openapi": { "a": { "spec": "x", "specs": 1 } } }`,
      "config_invalid",
      /openapi\.a\.specs is not a known key/,
      1,
    ],
    [
      "a secret of another type",
      `{ "openapi": { "a": { "spec": "x", "auth": { "bearer": 5 } } } }`,
      "config_invalid",
      /openapi\.a\.auth\.bearer must be a string or an object, not 5/,
      1,
    ],
    [
      "a secret of an unknown kind",
      `{ "openapi": { "a": { "spec": "x", "auth": { "bearer": { "fille": "x" } } } } }`,
      "config_invalid",
      /openapi\.a\.auth\.bearer\.(file|fille)/,
      1,
    ],
    [
      "a name of two sources",
      `{ ${server}, "openapi": { "files": { "spec": "x" } } }`,
      "config_invalid",
      /openapi\.files has the name of a server/,
      1,
    ],
    [
      "settings of no source",
      `{ ${server}, "sources": { "file": {} } }`,
      "config_invalid",
      /sources\.file names no entry/,
      1,
    ],
  ])("%s", (_what, ...[source, code, message, line]) => {
    const error = failure(source);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.line).toBe(line);
    expect(JSON.stringify(error.data)).toContain(file);
  });

  test.each([
    [`{ "servers": { "a": { "command": "x" } } }`, 'Did you mean "mcpServers"?'],
    [`{ "mcp_servers": { "a": { "command": "x" } } }`, 'Did you mean "mcpServers"?'],
    [`{ ${server}, "limit": {} }`, 'Did you mean "limits"?'],
    [`{ ${server}, "server": { "prt": 1 } }`, 'Did you mean "port"?'],
    [`{ ${server}, "sources": { "file": {} } }`, 'Did you mean "files"?'],
    [`{ ${server}, "sandbox": { "colour": 1 } }`, /^Known here: engine, /],
  ])("%s → %s", (source, hint) => {
    expect(failure(source).hint).toMatch(hint);
  });

  test("every mistake is told at once, up to a bound", () => {
    const error = failure(
      `{ ${server}, ${Array.from({ length: 9 }, (_, at) => `"zzz${at}": 1`).join(", ")} }`,
    );
    expect(error.message).toContain("9 problems");
    expect(error.message).toContain("zzz4");
    expect(error.message).toContain("and 4 more");
  });

  test("a text that may be a secret is not repeated", () => {
    const error = failure(`{ ${server}, "policy": "sk-ant-0123456789-0123456789-0123456789" }`);
    expect(error.message).not.toContain("0123456789");
  });
});
