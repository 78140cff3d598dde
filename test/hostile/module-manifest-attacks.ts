/**
 * Ways for a package to name a file of the host in what stands beside its code: its package.json, its types, a
 * tsconfig.json, another package. A table; what is done with it is the suite's.
 */
import { js, secret, type Attack } from "./module-attacks.ts";

export const manifestAttacks: readonly Attack[] = [
  { name: "main upwards", files: {}, manifest: { main: "../../../host/secret.js" }, named: "evil" },
  { name: "an absolute main", files: {}, manifest: { main: "HOST/secret.js" }, named: "evil" },
  { name: "exports upwards", files: {}, manifest: { exports: "./../../../host/secret.js" }, named: "evil" },
  {
    name: "exports to a link",
    files: {},
    links: { "x.js": "HOST/secret.js" },
    manifest: { exports: "./x.js" },
    named: "evil",
  },
  {
    name: "exports by a pattern",
    files: js('export { default } from "evil/a/secret.js";'),
    links: { lib: "HOST" },
    manifest: { exports: { ".": "./index.js", "./a/*": "./lib/*" } },
    named: "evil/a/secret.js",
  },
  {
    name: "imports upwards",
    files: js('export { default } from "#x";'),
    manifest: { imports: { "#x": "./../../../host/secret.js" } },
    named: "#x",
  },
  {
    name: "imports to a link",
    files: js('export { default } from "#x";'),
    links: { "x.js": "HOST/secret.js" },
    manifest: { imports: { "#x": "./x.js" } },
    named: "#x",
  },
  {
    name: "imports to an absolute path",
    files: js('export { default } from "#x";'),
    manifest: { imports: { "#x": "HOST/secret.js" } },
    named: "#x",
  },
  {
    name: "a package that it does not declare",
    files: js('export { default } from "other";'),
    beside: { "other/package.json": '{"main":"x.js"}', "other/x.js": `export default "${secret}";` },
    named: "other",
  },
  {
    name: "imports to a package that it does not declare",
    files: js('export { default } from "#x";'),
    manifest: { imports: { "#x": "other" } },
    beside: { "other/package.json": '{"main":"x.js"}', "other/x.js": `export default "${secret}";` },
    named: "#x",
  },
  {
    name: "a package for development",
    files: js('export { default } from "other";'),
    manifest: { devDependencies: { other: "1" } },
    beside: { "other/package.json": '{"main":"x.js"}', "other/x.js": `export default "${secret}";` },
    named: "other",
  },
  {
    name: "a neighbour by its path",
    files: js('export { default } from "../other/x.js";'),
    manifest: { dependencies: { other: "1" } },
    beside: { "other/package.json": "{}", "other/x.js": `export default "${secret}";` },
    named: "../other/x.js",
  },
  {
    name: "a package inside it that it does not declare",
    files: {
      ...js('export { default } from "./node_modules/in/x.js";'),
      "node_modules/in/package.json": "{}",
      "node_modules/in/x.js": `export default "${secret}";`,
    },
    named: "./node_modules/in/x.js",
  },
  {
    name: "a dependency that reads the host",
    files: js('export { default } from "other";'),
    manifest: { dependencies: { other: "1" } },
    beside: {
      "other/package.json": '{"main":"x.js"}',
      "other/x.js": 'export { default } from "HOST/secret.js";',
    },
    named: "HOST/secret.js",
  },
  {
    name: "a package.json that is a link",
    files: js("export default 1;"),
    links: { "lib/package.json": "HOST/passwd" },
    named: "package.json",
  },
  {
    name: "a tsconfig.json that reads the host",
    files: {
      "index.ts": 'import x from "secret.js"; export default x;',
      "tsconfig.json":
        '{"extends":"HOST/passwd","compilerOptions":{"baseUrl":"HOST","paths":{"*":["HOST/*"]}}}',
    },
    manifest: { main: "index.ts" },
    named: "secret.js",
  },
  {
    name: "a tsconfig.json that nothing needs",
    files: { "index.ts": "export default 1 as number;", "tsconfig.json": '{"extends":"HOST/passwd"}' },
    manifest: { main: "index.ts" },
  },
  { name: "a source map", files: js("export default 1;\n//# sourceMappingURL=../../../host/secret.json") },
  {
    name: "a URL at run time",
    files: js('export default new URL("../../../host/secret.json", import.meta.url).href;'),
  },
  {
    name: "types upwards",
    files: js("export default 1;"),
    manifest: { types: "../../../host/secret.d.ts" },
    named: "host/secret.d.ts",
  },
  {
    name: "types in a link",
    files: js("export default 1;"),
    links: { "index.d.ts": "HOST/secret.d.ts" },
    named: "index.d.ts",
  },
  {
    name: "types that import upwards",
    files: { ...js("export default 1;"), "index.d.ts": 'export * from "../../../host/secret.js";' },
    named: "host/secret.d.ts",
  },
  {
    name: "types that import a link",
    files: { ...js("export default 1;"), "index.d.ts": 'export * from "./x.js";' },
    links: { "x.d.ts": "HOST/secret.d.ts" },
    named: "x.d.ts",
  },
];
