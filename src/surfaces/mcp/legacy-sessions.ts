/**
 * Sessions of clients of the `initialize` era over HTTP: one server and one transport each, a bound on how
 * many there are, and an end for those that nobody uses.
 */
import { randomUUID } from "node:crypto";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";
import type { Server } from "@modelcontextprotocol/server";
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
  /** Requests and streams under way. */
  open: number;
  usedAt: number;
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

  /** Answers an `initialize` request; `undefined` when every session is in use and none may be added. */
  async open(request: Request, parsedBody: unknown): Promise<Response | undefined> {
    if (!this.#makeRoom()) return undefined;
    this.#opening += 1;
    try {
      const server = await this.#options.createServer();
      const transport = new WebStandardStreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => void this.#sessions.set(id, session),
        onsessionclosed: (id) => this.#end(id),
      });
      const session: Session = { server, transport, open: 0, usedAt: Date.now() };
      await server.connect(transport);
      const response = await this.#serve(session, request, parsedBody);
      if (transport.sessionId === undefined) await server.close();
      return response;
    } finally {
      this.#opening -= 1;
    }
  }

  /** Answers a request of a session; `undefined` when there is no such session (any more). */
  async handle(id: string, request: Request, parsedBody: unknown): Promise<Response | undefined> {
    const session = this.#sessions.get(id);
    return session === undefined ? undefined : this.#serve(session, request, parsedBody);
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

  async #serve(session: Session, request: Request, parsedBody: unknown): Promise<Response> {
    session.open += 1;
    const done = (): void => {
      session.open -= 1;
      session.usedAt = Date.now();
    };
    try {
      const options = parsedBody === undefined ? {} : { parsedBody };
      return trackBody(await session.transport.handleRequest(request, options), done);
    } catch (thrown) {
      done();
      throw thrown;
    }
  }

  /** Ends the session that has been idle for longest when there is no room for another. */
  #makeRoom(): boolean {
    if (this.#sessions.size + this.#opening < this.#options.maxSessions) return true;
    const idle = [...this.#sessions].filter(([, session]) => session.open === 0);
    const [oldest] = idle.sort(([, a], [, b]) => a.usedAt - b.usedAt);
    if (oldest === undefined) return false;
    this.#end(oldest[0]);
    return true;
  }

  #endIdle(): void {
    const before = Date.now() - this.#options.idleMs;
    for (const [id, session] of this.#sessions)
      if (session.open === 0 && session.usedAt <= before) this.#end(id);
  }

  #end(id: string): void {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    // Closing a transport whose client has gone fails without consequence.
    session?.server.close().catch(() => {});
  }
}
