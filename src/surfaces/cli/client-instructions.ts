/**
 * How to add the running endpoint to the clients that people use, as lines that work as they are copied.
 */

export interface InstructionOptions {
  /**
   * The bearer token that the endpoint wants, if any: one that the operator has set is named by its variable and never
   * shown; one that the server made for its user's own clients is shown to that user.
   */
  readonly token:
    | { readonly from: "operator" }
    | { readonly from: "server"; readonly value: string }
    | undefined;
}

const tokenVariable = "CODEMODE_TOKEN";

export function clientInstructions(url: string, { token }: InstructionOptions): string {
  const headers = (variable: string): { headers?: { Authorization: string } } =>
    token === undefined
      ? {}
      : { headers: { Authorization: `Bearer ${token.from === "server" ? token.value : variable}` } };
  const cursor = { mcpServers: { codemode: { url, ...headers(`\${env:${tokenVariable}}`) } } };
  const code = { name: "codemode", type: "http", url, ...headers(`\${env:${tokenVariable}}`) };
  const claude = headers(`$${tokenVariable}`).headers;
  return [
    "Add it to",
    `  Claude Code  claude mcp add --transport http codemode ${url}${claude === undefined ? "" : ` --header "Authorization: ${claude.Authorization}"`}`,
    `  Codex        ${codexLine(url, token)}`,
    `  Cursor       ~/.cursor/mcp.json: ${JSON.stringify(cursor)}`,
    `  VS Code      code --add-mcp '${JSON.stringify(code)}'`,
    ...(token?.from === "operator" ? [`with ${tokenVariable} set to the value of server.token.`] : []),
    ...(token?.from === "server"
      ? ["This system does not say whose a connection is: the token above is for your own clients."]
      : []),
    "",
    "",
  ].join("\n");
}

/** Its command takes a token by a variable alone; its file takes headers as well. */
function codexLine(url: string, token: InstructionOptions["token"]): string {
  if (token?.from === "server")
    return `~/.codex/config.toml: mcp_servers.codemode = { url = "${url}", http_headers = { Authorization = "Bearer ${token.value}" } }`;
  const bearer = token === undefined ? "" : ` --bearer-token-env-var ${tokenVariable}`;
  return `codex mcp add codemode --url ${url}${bearer}`;
}
