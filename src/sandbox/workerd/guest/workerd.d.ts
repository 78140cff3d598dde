/** The few types of workerd that the guest modules touch. */

declare class WebSocketPair {
  0: WebSocket;
  1: WebSocket;
}

interface WebSocket {
  accept(): void;
}

interface ResponseInit {
  webSocket?: WebSocket;
}

interface Fetcher {
  fetch(request: Request): Promise<Response>;
}

interface WorkerLoader {
  load(code: {
    readonly compatibilityDate: string;
    readonly compatibilityFlags: readonly string[];
    readonly mainModule: string;
    readonly modules: { readonly [name: string]: string };
    readonly env: object;
    readonly globalOutbound: null;
  }): { getEntrypoint(): Fetcher };
}

/** What the process's configuration binds for the supervisor. */
interface SupervisorEnv {
  readonly LOADER: WorkerLoader;
  readonly HOP: Fetcher;
  readonly GUEST: {
    readonly compatibilityDate: string;
    readonly compatibilityFlags: readonly string[];
    readonly mainModule: string;
    readonly modules: { readonly [name: string]: string };
  };
}

declare module "cloudflare:workers" {
  export class WorkerEntrypoint {
    protected readonly env: SupervisorEnv;
  }
}

declare module "snippet.js" {
  const program: unknown;
  export default program;
}
