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
  return [...folderFiles(workingFolder), ...userFiles(host)];
}

/** Files that came with whatever was cloned or unpacked there. */
export function folderFiles(workingFolder: string): ClientFile[] {
  return [
    json("Claude Code", join(workingFolder, ".mcp.json")),
    json("Cursor", join(workingFolder, ".cursor", "mcp.json")),
    json("VS Code", join(workingFolder, ".vscode", "mcp.json")),
    { client: "Codex", file: join(workingFolder, ".codex", "config.toml"), format: "toml" },
  ];
}

/** The user's own. */
export function userFiles(host: HostPlace): ClientFile[] {
  const programs = programFolder(host);
  return [
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

function json(client: string, file: string): ClientFile {
  return { client, file, format: "json" };
}

function programFolder({ env, platform, home }: HostPlace): string {
  if (platform === "win32") return env["APPDATA"] ?? join(home, "AppData", "Roaming");
  if (platform === "darwin") return join(home, "Library", "Application Support");
  return env["XDG_CONFIG_HOME"] ?? join(home, ".config");
}
