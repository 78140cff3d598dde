import { homedir, tmpdir } from "node:os";
import { expect, it } from "vitest";
import { createSecrets } from "./create-secrets.ts";
import { secretsIn, type ConfiguredText } from "./secrets-in.ts";

const basic = Buffer.from("me:hunter22").toString("base64");

it.each<[what: string, text: ConfiguredText, hidden: string[], shown: string[]]>([
  [
    "a named header",
    { name: "Authorization", value: "Bearer abc123xyz", template: "Bearer abc123xyz" },
    ["abc123xyz"],
    ["Bearer "],
  ],
  [
    "a header with a variable",
    { name: "X-Any", value: "Bearer q1w2e3r4t5", template: "Bearer ${ANY}" },
    ["q1w2e3r4t5"],
    ["Bearer "],
  ],
  [
    "a word in a field that is named",
    { name: "PASSWORD", value: "swordfish", template: "${P}" },
    ["swordfish"],
    [],
  ],
  [
    "a word in a variable that is named",
    { name: "X", value: "swordfish", template: "${DB_PASS}" },
    ["swordfish"],
    [],
  ],
  [
    "a word that nothing names",
    { name: "NODE_ENV", value: "production", template: "${NODE_ENV}" },
    [],
    ["production"],
  ],
  [
    "a region, a host, a date, a number, an address",
    {
      name: "X",
      value: "eu-west-1|api.example.com|2024-01-01|12345678|me@example.com",
      template: "${A}|${B}|${C}|${D}|${E}",
    },
    [],
    ["eu-west-1", "api.example.com", "2024-01-01", "12345678", "me@example.com"],
  ],
  ["a path that exists", { name: "0", value: tmpdir(), template: "${TMP}" }, [], [tmpdir(), homedir()]],
  [
    "a text without variables",
    { name: "X-Version", value: "a1b2c3d4e5", template: "a1b2c3d4e5" },
    [],
    ["a1b2c3d4e5"],
  ],
  [
    "a basic pair",
    { name: "Authorization", value: `Basic ${basic}`, template: "Basic ${B}" },
    [basic, "me:hunter22", "hunter22"],
    ["me here"],
  ],
  [
    "cookies",
    { name: "Cookie", value: "sid=q1w2e3r4; lang=german1x", template: "sid=q1w2e3r4; lang=german1x" },
    ["q1w2e3r4"],
    [],
  ],
  [
    "the query of a URL",
    {
      name: "url",
      value: "https://api.example.com/mcp?key=q1w2e3r4t5",
      template: "https://api.example.com/mcp?key=q1w2e3r4t5",
    },
    ["q1w2e3r4t5"],
    ["https://api.example.com/mcp"],
  ],
  [
    "the password of a URL",
    { name: "URL", value: "postgres://app:q1w2e3r4@db.example.com/main", template: "${URL}" },
    ["q1w2e3r4"],
    ["db.example.com"],
  ],
  [
    "the path of a webhook",
    { name: "X", value: "https://hooks.example.com/services/T0123456789ABCDEF12", template: "${X}" },
    ["T0123456789ABCDEF12"],
    ["https://hooks.example.com/services/"],
  ],
  ["the value of a function", { name: "x", value: "anything" }, ["anything"], []],
  [
    "a key file",
    {
      name: "GOOGLE_CREDENTIALS",
      value: JSON.stringify({ type: "service", private_key: "-----BEGIN\nq1w2e3r4t5y6\n-----END" }),
      template: "${G}",
    },
    ["q1w2e3r4t5y6"],
    [],
  ],
])("%s", (_, text, hidden, shown) => {
  const secrets = createSecrets(secretsIn(text));
  for (const each of hidden) expect(secrets.text(`<${each}>`), each).not.toContain(each);
  for (const each of shown) expect(secrets.text(each)).toBe(each);
});
