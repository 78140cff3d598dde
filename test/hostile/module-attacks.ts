/**
 * Ways for a package to name a file of the host in its own code. A table; what is done with it is the suite's.
 */

/** Of the host, in every file that is named. */
export const secret = "canary-of-the-host-7431";

export interface Attack {
  readonly name: string;
  /** Files of the package `evil`, by path; `HOST` stands for the folder of the secrets. */
  readonly files: Readonly<Record<string, string>>;
  /** Links in the package, with where they point. */
  readonly links?: Readonly<Record<string, string>>;
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Files beside the package, below `node_modules`. */
  readonly beside?: Readonly<Record<string, string>>;
  /** What the error names. Absent: it is bundled, without what it asks for. */
  readonly named?: string;
}

export const js = (text: string): Attack["files"] => ({ "index.js": text });

export const importAttacks: readonly Attack[] = [
  {
    name: "an absolute path",
    files: js('export { default } from "HOST/secret.js";'),
    named: "HOST/secret.js",
  },
  {
    name: "an absolute path to JSON",
    files: js('import x from "HOST/secret.json"; export default x;'),
    named: "HOST/secret.json",
  },
  {
    name: "an absolute path as text",
    files: js('import x from "HOST/secret.txt" with { type: "text" }; export default x;'),
    named: "HOST/secret.txt",
  },
  {
    name: "a required absolute path",
    files: js('module.exports = require("HOST/secret.json");'),
    named: "HOST/secret.json",
  },
  {
    name: "a loaded absolute path",
    files: js('export default () => import("HOST/secret.js");'),
    named: "HOST/secret.js",
  },
  {
    name: "a resolved absolute path",
    files: js('export default require.resolve("HOST/secret.js");'),
    named: "evil",
  },
  {
    name: "a path upwards",
    files: js('export { default } from "../../../host/secret.js";'),
    named: "../../../host/secret.js",
  },
  {
    name: "a name with a path upwards",
    files: js('export { default } from "evil/../../../host/secret.js";'),
    named: "evil/../../../host/secret.js",
  },
  {
    name: "the environment of the process",
    files: js('import x from "/proc/self/environ" with { type: "text" }; export default x;'),
    named: "/proc/self/environ",
  },
  {
    name: "a descriptor of the process",
    files: js('import x from "/dev/fd/0"; export default x;'),
    named: "/dev/fd/0",
  },
  {
    name: "a URL of a file",
    files: js('export { default } from "file://HOST/secret.js";'),
    named: "file://HOST/secret.js",
  },
  {
    name: "a URL with the program in it",
    files: js('export { default } from "data:text/javascript,export default 1";'),
    named: "data:text/javascript",
  },
  {
    name: "a link to a program",
    files: js('export { default } from "./x.js";'),
    links: { "x.js": "HOST/secret.js" },
    named: "./x.js",
  },
  {
    name: "a link to JSON",
    files: js('import x from "./x.json"; export default x;'),
    links: { "x.json": "HOST/secret.json" },
    named: "./x.json",
  },
  {
    name: "a link as text",
    files: js('import x from "./x.js" with { type: "text" }; export default x;'),
    links: { "x.js": "HOST/secret.txt" },
    named: "./x.js",
  },
  {
    name: "a linked folder",
    files: js('export { default } from "./lib/secret.js";'),
    links: { lib: "HOST" },
    named: "./lib/secret.js",
  },
  {
    name: "a linked folder's index",
    files: js('export { default } from "./lib";'),
    links: { lib: "HOST" },
    named: "./lib",
  },
  {
    name: "a link to a link",
    files: js('export { default } from "./x.js";'),
    links: { "x.js": "y.js", "y.js": "HOST/secret.js" },
    named: "./x.js",
  },
  {
    name: "a text of its own",
    files: { ...js('import x from "./x.txt"; export default x;'), "x.txt": secret },
    named: "./x.txt",
  },
  {
    name: "a program of its own as text",
    files: { ...js('import x from "./x.js" with { type: "text" }; export default x;'), "x.js": secret },
    named: "./x.js",
  },
  {
    name: "a program of its own as bytes",
    files: { ...js('import x from "./x.js" with { type: "bytes" }; export default x;'), "x.js": secret },
    named: "./x.js",
  },
  {
    name: "a program called JSON",
    files: { ...js('import x from "./x.js" with { type: "json" }; export default x;'), "x.js": "1" },
    named: "./x.js",
  },
  {
    name: "a style sheet that imports",
    files: { ...js('import "./x.css"; export default 1;'), "x.css": '@import "HOST/secret.txt";' },
    named: "x.css",
  },
  {
    name: "a file without an ending",
    files: { ...js('import x from "./.env"; export default x;'), ".env": secret },
    named: ".env",
  },
  {
    name: "a pattern that leads out",
    files: js("export default (name) => import(`../../../host/${name}.js`);"),
    named: "HOST/",
  },
  {
    name: "a required pattern that leads out",
    files: js('module.exports = (name) => require("../../../host/" + name + ".json");'),
    named: "secret.json",
  },
  {
    name: "a pattern over a linked folder",
    files: js("export default (name) => import(`./lib/${name}.js`);"),
    links: { lib: "HOST" },
    named: "HOST/",
  },
];
