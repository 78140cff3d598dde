/**
 * The program of a loaded worker's run: gives the worker its globals and bindings, then takes calls from the host one
 * after another and answers each. A convenience for the worker, not a defence: the host believes none of it.
 */
import { reviveValue } from "../../sandbox/bridge/decode-value.ts";
import { callEntrypoint, type EntrypointCall } from "./entrypoints.ts";
import { createFetch } from "./fetch.ts";
import { WorkerHeaders } from "./headers.ts";
import { WorkerRequest, type RequestRecord } from "./request.ts";
import { WorkerResponse, type ResponseRecord } from "./response.ts";
import { refusalInWorker, unsupportedInWorker } from "./unsupported.ts";

/** Calls that the host answers (`take-call.ts` on its side). */
interface LoaderHost {
  /** The next call, or null once there will be no more. */
  next(): Promise<EntrypointCall | null>;
  answer(value: unknown, id: number): Promise<unknown>;
  fail(error: object, id: number): Promise<unknown>;
  bind(path: readonly string[], ...args: readonly unknown[]): Promise<unknown>;
  fetch(request: RequestRecord): Promise<ResponseRecord>;
}

const host: LoaderHost = Reflect.get(globalThis, "codemode");

/** What `import { env } from "cloudflare:workers"` gives, and every entrypoint. */
export const env: object = {};

/** The class that entrypoints extend. */
export class WorkerEntrypoint {
  readonly ctx: unknown;
  readonly env: unknown;

  constructor(ctx: unknown, environment: unknown) {
    this.ctx = ctx;
    this.env = environment;
  }
}

export interface InstallOptions {
  /** What `env` holds as values, in the bridge's encoding, parsed. */
  readonly values: { readonly [name: string]: never };
  /** Where functions are in it. */
  readonly functions: readonly (readonly string[])[];
  readonly outbound: boolean;
}

/** Before any module of the worker is evaluated. */
export function install({ values, functions, outbound }: InstallOptions): void {
  const revived: object = Object(reviveValue(values, Infinity));
  for (const [name, value] of Object.entries(revived)) define(env, name, value);
  for (const path of functions) bindFunction(path);
  const globals: { readonly [name: string]: unknown } = {
    tools: undefined,
    codemode: undefined,
    Headers: WorkerHeaders,
    Request: WorkerRequest,
    Response: WorkerResponse,
    fetch: createFetch(outbound ? (record) => host.fetch(record) : undefined),
    $mport: async () => {
      throw unsupportedInWorker("import()", "Import the module at the top of the file.");
    },
  };
  for (const [name, value] of Object.entries(globals)) define(globalThis, name, value);
  Object.defineProperty(WorkerHeaders, "name", { value: "Headers", configurable: true });
  for (const name of ["WebSocket", "EventSource", "XMLHttpRequest"])
    define(globalThis, name, refusalInWorker(name, "Use fetch, or a binding of env."));
}

function bindFunction(path: readonly string[]): void {
  const [name = "", member] = path;
  const bound = (...args: unknown[]): Promise<unknown> => host.bind(path, ...args);
  if (member === undefined) return define(env, name, bound);
  if (!Object.hasOwn(env, name)) define(env, name, {});
  define(Object(Reflect.get(env, name)), member, bound);
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}

/** Ends when the host says so. */
export async function serve(worker: object): Promise<void> {
  for (;;) {
    const call = await host.next();
    if (call === null) return;
    void answerCall(worker, call);
  }
}

async function answerCall(worker: object, call: EntrypointCall): Promise<void> {
  try {
    await host.answer(await callEntrypoint(worker, env, call), call.id);
  } catch (thrown) {
    await host.fail(describe(thrown), call.id);
  }
}

/** As data: what was thrown may be anything. */
function describe(thrown: unknown): object {
  try {
    if (!(thrown instanceof Error)) return { name: "", message: `Thrown: ${String(thrown)}`.slice(0, 4_000) };
    const { name, message, stack } = thrown;
    const code: unknown = Reflect.get(thrown, "code");
    return {
      name: name.slice(0, 200),
      message: message.slice(0, 16_000),
      stack: String(stack).slice(0, 8_000),
      ...(typeof code === "string" && { code: code.slice(0, 100) }),
    };
  } catch {
    return { name: "", message: "What was thrown cannot be read." };
  }
}
