/**
 * How to add the running endpoint to the clients that people use.
 */

export interface InstructionOptions {
  /** The endpoint wants a bearer token; it is named by its variable and never shown. */
  readonly withToken: boolean;
}

const tokenVariable = "CODEMODE_TOKEN";

export function clientInstructions(url: string, { withToken }: InstructionOptions): string {
  const bearer = (variable: string): { headers?: { Authorization: string } } =>
    withToken ? { headers: { Authorization: `Bearer ${variable}` } } : {};
  const claude = withToken ? ` --header "Authorization: Bearer $${tokenVariable}"` : "";
  const codex = withToken ? ` --bearer-token-env-var ${tokenVariable}` : "";
  const cursor = { mcpServers: { codemode: { url, ...bearer(`\${env:${tokenVariable}}`) } } };
  const code = { name: "codemode", type: "http", url, ...bearer(`\${env:${tokenVariable}}`) };
  return [
    "Add it to",
    `  Claude Code  claude mcp add --transport http codemode ${url}${claude}`,
    `  Codex        codex mcp add codemode --url ${url}${codex}`,
    `  Cursor       ~/.cursor/mcp.json: ${JSON.stringify(cursor)}`,
    `  VS Code      code --add-mcp '${JSON.stringify(code)}'`,
    ...(withToken ? [`with ${tokenVariable} set to the value of server.token.`] : []),
    "",
    "",
  ].join("\n");
}
