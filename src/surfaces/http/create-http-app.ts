/**
 * The routes of the HTTP surface: `/mcp` and `/health`, behind the guard. What `/mcp` does is given.
 */
import { Hono } from "hono";
import type { Context } from "hono";
import { cors } from "hono/cors";
import { createRequestGuard } from "./request-guard.ts";
import type { GuardOptions, Refusal } from "./request-guard.ts";

export interface HttpAppOptions extends GuardOptions {
  readonly mcp: (request: Request) => Promise<Response>;
  readonly onError?: ((error: Error) => void) | undefined;
}

export function createHttpApp({ mcp, onError, ...guardOptions }: HttpAppOptions): Hono {
  const guard = createRequestGuard(guardOptions);
  const app = new Hono();
  app.use(async (context, next) => {
    const refusal = guard.refusePlace(context.req.raw.headers);
    return refusal === undefined ? next() : refuse(context, refusal);
  });
  // Only the origins named by the operator are told that they may read answers.
  app.use(cors({ origin: [...(guardOptions.allowedOrigins ?? [])], exposeHeaders: ["mcp-session-id"] }));
  app.get("/health", (context) => context.json({ ok: true }));
  app.use("/mcp", async (context, next) => {
    const refusal = guard.refuseToken(context.req.raw.headers);
    return refusal === undefined ? next() : refuse(context, refusal);
  });
  app.all("/mcp", (context) => mcp(context.req.raw));
  app.notFound((context) => context.json({ error: "There is nothing here; the MCP endpoint is /mcp." }, 404));
  app.onError((error, context) => {
    onError?.(error);
    return context.json({ error: "The request could not be answered." }, 500);
  });
  return app;
}

function refuse(context: Context, { status, message }: Refusal): Response {
  if (status === 401) context.header("WWW-Authenticate", 'Bearer realm="codemode"');
  return context.json({ error: message }, status);
}
