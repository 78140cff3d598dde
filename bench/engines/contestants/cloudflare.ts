/** `@cloudflare/codemode` as its README uses it, in a Worker under Miniflare; its tools live in that Worker. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import type { Contestant } from "../contestant.ts";

const packages = join(import.meta.dirname, "../../node_modules");
const dist = join(packages, "@cloudflare/codemode/dist");

const worker = `
import { DynamicWorkerExecutor } from "./index.js";
export default {
  async fetch(request, env) {
    const { body, timeout } = await request.json();
    const executor = new DynamicWorkerExecutor({ loader: env.LOADER, timeout });
    const tools = {
      echo: async (value) => value,
      wait: (ms) => new Promise((resolve) => setTimeout(() => resolve(ms), ms)),
    };
    return Response.json(await executor.execute("async () => {" + body + "}", tools));
  },
};`;

const prelude = "const echo = (v) => codemode.echo(v), wait = (ms) => codemode.wait(ms);";

export const cloudflare: Contestant = {
  name: "@cloudflare/codemode, Miniflare",
  async open({ timeoutMs }) {
    const files = readdirSync(dist).filter((name) => name.endsWith(".js"));
    const module = (path: string, contents: string) => ({ type: "ESModule" as const, path, contents });
    const miniflare = new Miniflare({
      modules: [
        module("worker.js", worker),
        module("acorn", readFileSync(join(packages, "acorn/dist/acorn.mjs"), "utf8")),
        ...files
          .filter((name) => !/^(ai|browser|mcp|tanstack-ai|vite)\.js$/.test(name))
          .map((name) => module(name, readFileSync(join(dist, name), "utf8"))),
      ],
      workerLoaders: { LOADER: {} },
      compatibilityDate: "2026-06-01",
    });
    await miniflare.ready;
    return {
      async run(body) {
        const response = await miniflare.dispatchFetch("http://worker/", {
          method: "POST",
          body: JSON.stringify({ body: `${prelude} ${body}`, timeout: timeoutMs }),
        });
        const { result, error } = (await response.json()) as { result: unknown; error?: string };
        if (error !== undefined) throw new Error(error);
        return result;
      },
      [Symbol.asyncDispose]: () => miniflare.dispose(),
    };
  },
};
