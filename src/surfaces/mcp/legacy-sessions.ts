/**
 * Sessions of clients of the `initialize` era over HTTP: one server and one transport each, a bound on how
 * many there are under which no client can use up what others need, and an end for those that nobody uses.
 */
import { randomUUID } from "node:crypto";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";
import type { AuthInfo, Server } from "@modelcontextprotocol/server";
import { toGivingWay } from "./to-giving-way.ts";
import { trackBody } from "./track-body.ts";

export interface LegacySessionsOptions {
  readonly createServer: () => Promise<Server>;
  readonly maxSessions: number;
  /** Milliseconds without any request or open stream after which a session ends. */
  readonly idleMs: number;
}

interface Session {
  readonly server: Server;
  readonly transport: WebStandardStreamableHTTPServerTransport;
  /** The same for all sessions of one client of one peer. */
  readonly owner: string;
  /** Requests being answered. */
  busy: number;
  /** Streams on which the client listens; a session that has nothing else is not in use. */
  streams: number;
  usedAt: number;
}

export interface SessionRequest {
  readonly parsedBody: unknown;
  readonly authInfo?: AuthInfo | undefined;
}

export class LegacySessions implements AsyncDisposable {
  readonly #options: LegacySessionsOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #sweep: NodeJS.Timeout;
  /** Sessions asked for and not yet in the table; they count towards the bound. */
  #opening = 0;

  constructor(options: LegacySessionsOptions) {
    this.#options = options;
    this.#sweep = setInterval(() => this.#endIdle(), Math.min(options.idleMs, 60_000));
    this.#sweep.unref();
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Answers an `initialize` request; `undefined` when every session has a request under way and none may be added. */
  async open(request: Request, given: SessionRequest, owner: string): Promise<Response | undefined> {
    if (!this.#makeRoom()) return undefined;
    this.#opening += 1;
    try {
      const server = await this.#options.createServer();
      const transport = new WebStandardStreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => void this.#sessions.set(id, session),
        onsessionclosed: (id) => this.#end(id),
      });
      const session: Session = { server, transport, owner, busy: 0, streams: 0, usedAt: Date.now() };
      await server.connect(transport);
      const response = await this.#serve(session, request, given);
      if (transport.sessionId === undefined) await server.close();
      return response;
    } finally {
      this.#opening -= 1;
    }
  }

  /** Answers a request of a session; `undefined` when there is no such session (any more). */
  async handle(id: string, request: Request, given: SessionRequest): Promise<Response | undefined> {
    const session = this.#sessions.get(id);
    return session === undefined ? undefined : this.#serve(session, request, given);
  }

  tellToolsChanged(): void {
    // A client without an open stream hears of it with its next one.
    for (const { server } of this.#sessions.values()) server.sendToolListChanged().catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sweep);
    const servers = [...this.#sessions.values()].map((session) => session.server);
    this.#sessions.clear();
    await Promise.allSettled(servers.map((server) => server.close()));
  }

  async #serve(
    session: Session,
    request: Request,
    { parsedBody, authInfo }: SessionRequest,
  ): Promise<Response> {
    const kind = request.method === "GET" ? "streams" : "busy";
    session[kind] += 1;
    const done = (): void => {
      session[kind] -= 1;
      session.usedAt = Date.now();
    };
    try {
      const options = {
        ...(parsedBody === undefined ? {} : { parsedBody }),
        ...(authInfo === undefined ? {} : { authInfo }),
      };
      return trackBody(await session.transport.handleRequest(request, options), done);
    } catch (thrown) {
      done();
      throw thrown;
    }
  }

  /** When there is no room for another, the client with most sessions gives up the one it has not used for longest. */
  #makeRoom(): boolean {
    if (this.#sessions.size + this.#opening < this.#options.maxSessions) return true;
    const unused = toGivingWay(this.#sessions, {
      owner: ([, session]) => session.owner,
      usedAt: ([, session]) => session.usedAt,
    }).find(([, session]) => session.busy === 0);
    if (unused === undefined) return false;
    this.#end(unused[0]);
    return true;
  }

  #endIdle(): void {
    const before = Date.now() - this.#options.idleMs;
    for (const [id, session] of this.#sessions)
      if (session.busy + session.streams === 0 && session.usedAt <= before) this.#end(id);
  }

  #end(id: string): void {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    // Closing a transport whose client has gone fails without consequence.
    session?.server.close().catch(() => {});
  }
}
