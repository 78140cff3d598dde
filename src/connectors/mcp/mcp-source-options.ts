/**
 * What an MCP source is made from, and the defaults of everything that may be left out. Reading these from a
 * configuration file is the command line's; expanding what is secret in them happens at the connection.
 */
import { createSecrets, type Secrets } from "../../redact/create-secrets.ts";

/** Text that may hold `${…}` for `resolve` to expand, or a function asked anew for every connection. */
export type SecretText = string | ((request: SecretRequest) => string | Promise<string>);

export interface SecretRequest {
  readonly source: string;
  readonly principal: string;
  /** The text's place in the entry: `["env", "TOKEN"]`, `["args", 0]`, `["url"]`. */
  readonly field: readonly (string | number)[];
  /** Where the secret is sent: the origin of the URL, or `stdio:` for a command. */
  readonly origin: string;
}

interface SharedOptions {
  /**
   * Believe what the server says of its tools' effects. Default: true for a command, which already runs as
   * the user, and false for a URL.
   */
  readonly trusted?: boolean;
  readonly timeouts?: Partial<McpTimeouts>;
  readonly limits?: Partial<McpLimits>;
  /** What the server may ask in the middle of a call. Default: a person, by a form; no model. */
  readonly relay?: Partial<McpRelay>;
  /** How the client introduces itself. Default `codemode`. */
  readonly clientInfo?: { readonly name: string; readonly version: string };
  /**
   * Expands one text of this entry (`${TOKEN}`), at the moment it is needed. Every text given as a string
   * passes through it; left out, they are taken as they are.
   */
  readonly resolve?: (template: string, request: SecretRequest) => string | Promise<string>;
}

export interface McpCommandOptions extends SharedOptions {
  readonly transport: "stdio";
  readonly command: string;
  readonly args?: readonly string[];
  /** Added to a small, harmless part of the host's environment (`PATH`, `HOME`, locale, proxies). */
  readonly env?: { readonly [name: string]: SecretText };
  readonly cwd?: string;
}

export interface McpUrlOptions extends SharedOptions {
  readonly transport: "http";
  readonly url: string;
  readonly headers?: { readonly [name: string]: SecretText };
  /** Default: Streamable HTTP, and SSE where the server knows nothing else. */
  readonly type?: "http" | "sse";
}

export type McpSourceOptions = McpCommandOptions | McpUrlOptions;

/** All in milliseconds. */
interface McpTimeouts {
  /** From start to the end of the handshake. Default 60,000: a package runner may download first. */
  readonly start: number;
  /** Waiting for the answer to the question which revision a command speaks; older ones stay silent. */
  readonly probe: number;
  /** All pages of one listing together. */
  readonly list: number;
  /** Between closing the input, SIGTERM and SIGKILL. */
  readonly stop: number;
  /** A command that lets a call time out and then does not answer a ping for so long is restarted. */
  readonly ping: number;
  /** The longest pause between attempts to connect. */
  readonly maxBackoff: number;
}

export interface McpLimits {
  /** Pages of one listing. */
  readonly pages: number;
  /** Tools of one listing. */
  readonly tools: number;
  /** Bytes of one tool's definition as JSON. */
  readonly toolBytes: number;
  /** Bytes of all definitions as JSON. */
  readonly listingBytes: number;
  /** Bytes of one message that is no answer to a call. */
  readonly messageBytes: number;
  /** Levels of nesting of an answer. */
  readonly depth: number;
  /** Connections at once, over all principals and credentials. */
  readonly sessions: number;
}

const defaultMcpTimeouts: McpTimeouts = {
  start: 60_000,
  probe: 5_000,
  list: 60_000,
  stop: 2_000,
  ping: 5_000,
  maxBackoff: 30_000,
};

export const defaultMcpLimits: McpLimits = {
  pages: 200,
  tools: 10_000,
  toolBytes: 2 ** 20,
  listingBytes: 64 * 2 ** 20,
  messageBytes: 32 * 2 ** 20,
  depth: 200,
  sessions: 16,
};

const defaultClientInfo = { name: "codemode", version: "0.1.0" } as const;

export interface McpRelay {
  /** Forms are put to the person at the client. */
  readonly elicitation: boolean;
  /** Completions are asked of the client's model, or of the configured one. */
  readonly sampling: boolean;
}

const defaultMcpRelay: McpRelay = { elicitation: true, sampling: false };

/** The options with every default filled in. */
export interface McpSettings {
  readonly name: string;
  readonly entry: McpSourceOptions;
  readonly trusted: boolean;
  readonly timeouts: McpTimeouts;
  readonly limits: McpLimits;
  readonly relay: McpRelay;
  readonly clientInfo: { readonly name: string; readonly version: string };
  /** Whatever is sent to the server that it must not be heard saying. */
  readonly secrets: Secrets;
}

export function toMcpSettings(name: string, entry: McpSourceOptions): McpSettings {
  return {
    name,
    entry,
    trusted: entry.trusted ?? entry.transport === "stdio",
    timeouts: { ...defaultMcpTimeouts, ...entry.timeouts },
    limits: { ...defaultMcpLimits, ...entry.limits },
    relay: { ...defaultMcpRelay, ...entry.relay },
    clientInfo: entry.clientInfo ?? defaultClientInfo,
    secrets: createSecrets(),
  };
}
