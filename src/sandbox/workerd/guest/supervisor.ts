/**
 * The worker that a sandbox process boots with. It keeps the program of the next run and loads it into a fresh
 * isolate; it never looks at a frame. The hop through its own entrypoint gives each run an end: without it the
 * runtime keeps finished isolates until garbage is collected.
 */
import { WorkerEntrypoint } from "cloudflare:workers";

let program = "";
let added = {};

export class Hop extends WorkerEntrypoint {
  fetch(request: Request): Promise<Response> {
    const { modules, ...settings } = this.env.GUEST;
    const guest = this.env.LOADER.load({
      ...settings,
      modules: { ...modules, ...added, "snippet.js": program },
      env: {},
      globalOutbound: null,
    });
    program = "";
    added = {};
    return guest.getEntrypoint().fetch(request);
  }
}

export default {
  async fetch(request: Request, env: SupervisorEnv): Promise<Response> {
    if (request.method === "POST") {
      const text = await request.text();
      if (request.headers.get("Modules") === null) program = text;
      else ({ code: program, modules: added } = JSON.parse(text));
      return new Response(null, { status: 204 });
    }
    const inline = request.headers.get("Program");
    if (inline !== null) program = decodeURIComponent(inline);
    if (request.headers.get("Upgrade") === null) return new Response(null, { status: 204 });
    try {
      return await env.HOP.fetch(request);
    } catch (thrown) {
      return new Response(String(thrown), { status: 500 });
    }
  },
};
