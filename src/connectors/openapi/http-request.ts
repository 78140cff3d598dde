/** An HTTP request as the encoder makes it, before server and credentials are known. */

export interface HttpRequest {
  readonly method: string;
  /** Encoded; starts with a slash and is relative to the server's own path. */
  readonly path: string;
  /** `name=text` pairs, encoded. */
  readonly query: readonly string[];
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** `name=text` pairs, encoded. */
  readonly cookies: readonly string[];
  readonly body?: Buffer;
}
