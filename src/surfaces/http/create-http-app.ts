/**
 * The routes of the HTTP surface: `/mcp` and `/health`, behind the guard. What `/mcp` does is given.
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import type { AnswerToolCall } from "./answer-tool-call.ts";
import type { IdentifyPeer, Peer } from "./peer/identify-peer.ts";
import { createRequestGuard } from "./request-guard.ts";
import type { GuardOptions, Refusal } from "./request-guard.ts";

export interface HttpAppOptions extends GuardOptions {
  readonly mcp: (request: Request, from: { readonly peer: string }) => Promise<Response>;
  /** Answers one tool call. Default: there are none here. */
  readonly tools?: AnswerToolCall | undefined;
  readonly onError?: ((error: Error) => void) | undefined;
}

/** What a request comes with besides itself. */
interface Environment {
  readonly Bindings: HttpBindings;
  readonly Variables: { peer: Peer };
}

/** Without a token, only requests of the user who runs the server are answered, as `identify` tells. */
export function createHttpApp(
  { mcp, tools, onError, ...guardOptions }: HttpAppOptions,
  identify: IdentifyPeer,
): Hono<Environment> {
  const guard = createRequestGuard(guardOptions);
  const app = new Hono<Environment>();
  app.use(async (context, next) => {
    const refusal = guard.refusePlace(context.req.raw.headers);
    return refusal === undefined ? next() : refuse(context, refusal);
  });
  // Only the origins named by the operator are told that they may read answers.
  app.use(cors({ origin: [...(guardOptions.allowedOrigins ?? [])], exposeHeaders: ["mcp-session-id"] }));
  app.get("/health", (context) => context.json({ ok: true }));
  for (const path of ["/mcp", "/tools/*"])
    app.use(path, async (context, next) => {
      const peer = await identify(context.env.incoming.socket);
      context.set("peer", peer);
      const refusal = guard.refuseToken(context.req.raw.headers) ?? guard.refuseUser(peer);
      return refusal === undefined ? next() : refuse(context, refusal);
    });
  app.all("/mcp", (context) => mcp(context.req.raw, { peer: context.get("peer").key }));
  if (tools !== undefined) addTools(app, tools);
  app.notFound((context) => context.json({ error: "There is nothing here; the MCP endpoint is /mcp." }, 404));
  app.onError((error, context) => {
    onError?.(error);
    return context.json({ error: "The request could not be answered." }, 500);
  });
  return app;
}

/** Only JSON is taken, which no page of another origin can send unasked. */
function addTools(app: Hono<Environment>, tools: AnswerToolCall): void {
  app.post("/tools/*", bodyLimit({ maxSize: maxBodyBytes, onError: refuseLarge }), async (context) => {
    const type = context.req.header("content-type");
    if (type === undefined || !/^application\/json\s*(?:;|$)/i.test(type))
      return context.json(
        { error: { code: "usage", message: "The Content-Type must be application/json." } },
        415,
      );
    const segments = context.req.path.split("/").slice(2).map(decodeSegment);
    return tools(context.req.raw, segments, { peer: context.get("peer").key });
  });
}

const maxBodyBytes = 4 * 2 ** 20;

function refuseLarge(context: Context): Response {
  const message = `The body is larger than ${maxBodyBytes} bytes.`;
  return context.json({ error: { code: "value_too_large", message } }, 413);
}

/** What cannot be decoded is no tool's name either. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function refuse(context: Context, { status, message }: Refusal): Response {
  if (status === 401) context.header("WWW-Authenticate", 'Bearer realm="codemode"');
  return context.json({ error: message }, status);
}
