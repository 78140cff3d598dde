/**
 * Where other MCP clients keep their servers, on each platform.
 */
import { join } from "node:path";
import type { HostPlace } from "../config/user-folders.ts";

export interface ClientFile {
  readonly client: string;
  readonly file: string;
  readonly format: "json" | "toml";
}

/** The files of the working folder first: they are the closest to what is being worked on. */
export function clientFiles(host: HostPlace, workingFolder: string): ClientFile[] {
  const json = (client: string, file: string): ClientFile => ({ client, file, format: "json" });
  const programs = programFolder(host);
  return [
    json("Claude Code", join(workingFolder, ".mcp.json")),
    json("Cursor", join(workingFolder, ".cursor", "mcp.json")),
    json("VS Code", join(workingFolder, ".vscode", "mcp.json")),
    { client: "Codex", file: join(workingFolder, ".codex", "config.toml"), format: "toml" },
    json("Claude Desktop", join(programs, "Claude", "claude_desktop_config.json")),
    json("Claude Code", join(host.home, ".claude.json")),
    json("Cursor", join(host.home, ".cursor", "mcp.json")),
    json("VS Code", join(programs, "Code", "User", "mcp.json")),
    {
      client: "Codex",
      file: join(host.env["CODEX_HOME"] ?? join(host.home, ".codex"), "config.toml"),
      format: "toml",
    },
  ];
}

function programFolder({ env, platform, home }: HostPlace): string {
  if (platform === "win32") return env["APPDATA"] ?? join(home, "AppData", "Roaming");
  if (platform === "darwin") return join(home, "Library", "Application Support");
  return env["XDG_CONFIG_HOME"] ?? join(home, ".config");
}
