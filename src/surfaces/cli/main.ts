#!/usr/bin/env node
/**
 * The `codemode` command. Looks at the running Node.js before anything that an old one could not even parse
 * is loaded, then hands over to the program.
 */

/** Node.js 22.18 is the first with everything the product is built on. */
const oldest = [22, 18] as const;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  process.stderr.write(
    `node_too_old: codemode needs Node.js ${oldest.join(".")} or newer; this is ${process.versions.node} (${process.execPath}).\n`,
  );
  process.exitCode = 2;
} else {
  // Code that was compiled once need not be compiled at every start.
  const { enableCompileCache } = await import("node:module");
  enableCompileCache();
  const { runCli } = await import("./run-cli.ts");
  await runCli(process.argv.slice(2));
}
