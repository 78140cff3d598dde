/**
 * Where a user's configuration and state live on each platform. Reads the environment it is given and
 * touches no file.
 */
import { isAbsolute, join } from "node:path";

export interface UserFolders {
  readonly home: string;
  /** Holds `codemode.json`. */
  readonly config: string;
  /** Holds consents, kept catalogs and the run store. */
  readonly state: string;
}

export interface HostPlace {
  readonly env: { readonly [name: string]: string | undefined };
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/** The XDG variables win on every platform, when they are absolute as their specification asks. */
export function userFolders({ env, platform, home }: HostPlace): UserFolders {
  const defaults = platformFolders({ env, platform, home });
  return {
    home,
    config: xdg(env["XDG_CONFIG_HOME"]) ?? defaults.config,
    state: xdg(env["XDG_STATE_HOME"]) ?? defaults.state,
  };
}

function platformFolders({ env, platform, home }: HostPlace): { config: string; state: string } {
  if (platform === "win32") {
    return {
      config: join(env["APPDATA"] ?? join(home, "AppData", "Roaming"), "codemode"),
      state: join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "codemode"),
    };
  }
  if (platform === "darwin") {
    const support = join(home, "Library", "Application Support", "codemode");
    return { config: support, state: join(support, "state") };
  }
  return { config: join(home, ".config", "codemode"), state: join(home, ".local", "state", "codemode") };
}

function xdg(folder: string | undefined): string | undefined {
  return folder !== undefined && isAbsolute(folder) ? join(folder, "codemode") : undefined;
}
