/**
 * What each key of a configuration may do on this machine, as data: the consent question is written from it. A key
 * that is not in it is shown as well, and a test fails until somebody has decided.
 */

/**
 * `start`: may start a program, or steer one that is started. `read`: may read or write a file here. `reach`: a file or
 * an address. `send`: may send a secret, or decides where one goes. `loosen`: may let more happen unasked, unseen or for
 * longer. `harmless`: none of these, whatever its value.
 */
export type ConsentKind = "start" | "read" | "reach" | "send" | "loosen" | "harmless";

const secret = (key: string): { [key: string]: ConsentKind } => ({
  [key]: "send",
  [`${key}.file`]: "read",
  [`${key}.command`]: "start",
});

/** What is below a key stands under the key itself, unless it is named here too. `<name>` is any name. */
export const consentTable: { readonly [key: string]: ConsentKind } = {
  $schema: "harmless",

  "mcpServers.<name>.command": "start",
  "mcpServers.<name>.args": "start",
  "mcpServers.<name>.env": "start",
  "mcpServers.<name>.cwd": "start",
  "mcpServers.<name>.url": "send",
  "mcpServers.<name>.headers": "send",
  "mcpServers.<name>.type": "harmless",
  "mcpServers.<name>.disabled": "harmless",

  "openapi.<name>.spec": "reach",
  "openapi.<name>.baseUrl": "send",
  "openapi.<name>.serverVariables": "send",
  "openapi.<name>.origins": "send",
  ...secret("openapi.<name>.auth.bearer"),
  "openapi.<name>.auth.basic.username": "send",
  ...secret("openapi.<name>.auth.basic.password"),
  ...secret("openapi.<name>.auth.apiKey"),
  "openapi.<name>.auth.apiKey.in": "send",
  "openapi.<name>.auth.apiKey.name": "send",
  ...secret("openapi.<name>.auth.apiKey.value"),
  "openapi.<name>.auth.oauth2.clientId": "send",
  ...secret("openapi.<name>.auth.oauth2.clientSecret"),
  "openapi.<name>.auth.oauth2.tokenUrl": "send",
  "openapi.<name>.auth.oauth2.scopes": "send",
  "openapi.<name>.auth.oauth2.audience": "send",
  "openapi.<name>.auth.oauth2.clientAuth": "send",
  ...secret("openapi.<name>.auth.schemes.<name>"),
  "openapi.<name>.auth.schemes.<name>.username": "send",
  ...secret("openapi.<name>.auth.schemes.<name>.password"),
  "openapi.<name>.headers": "send",
  // It reaches what the document does not describe.
  "openapi.<name>.request": "loosen",
  // A call that carries a key is sent again after a crash without anybody being asked.
  "openapi.<name>.idempotencyHeader": "loosen",
  "openapi.<name>.disabled": "harmless",

  "utcp.<name>.manual": "reach",
  ...secret("utcp.<name>.variables.<name>"),
  "utcp.<name>.origins": "send",
  "utcp.<name>.commands": "start",
  "utcp.<name>.disabled": "harmless",

  "sources.<name>.trusted": "loosen",
  "sources.<name>.include": "harmless",
  "sources.<name>.exclude": "harmless",
  // What a person is asked about is called as these say.
  "sources.<name>.rename": "loosen",
  "sources.<name>.descriptions": "loosen",
  "sources.<name>.effects": "loosen",
  "sources.<name>.unstated": "loosen",
  "sources.<name>.idempotency": "loosen",
  "sources.<name>.undo": "loosen",
  "sources.<name>.replay": "loosen",
  "sources.<name>.relay": "loosen",
  "sources.<name>.startMs": "harmless",
  "sources.<name>.observe": "harmless",
  "sources.<name>.sensitive": "harmless",

  policy: "loosen",
  approvals: "loosen",
  check: "loosen",
  surface: "harmless",
  passthrough: "loosen",
  limits: "loosen",
  // A store that came with the folder may hold approvals that nobody here gave.
  store: "read",
  "store.path": "read",
  ...secret("store.key"),
  "store.leaseMs": "loosen",
  // Short enough, it removes the record of what was done.
  retention: "loosen",
  snippets: "loosen",
  workspace: "loosen",
  modules: "read",
  sandbox: "loosen",
  server: "loosen",
};
