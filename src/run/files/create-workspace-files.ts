/**
 * The files of a workspace as the library offers them, for programs and people rather than snippets.
 */
import { matchGlob } from "../../match-glob.ts";
import type { FilePath, WorkspaceFiles } from "../../spec/files.ts";
import type { Workspace } from "../../spec/workspace.ts";
import { toFilePath } from "../../workspace/files/to-file-path.ts";
import type { ExecuteContext } from "../execute-context.ts";
import { textToBytes, toWritablePath } from "./file-content.ts";
import { changeMakingRoom } from "./make-room.ts";
import { fileNotFound } from "./run-files.ts";
import { searchFiles } from "./search-files.ts";

export function createWorkspaceFiles({
  workspaces: { files },
  fileLimits: limits,
}: Pick<ExecuteContext, "workspaces" | "fileLimits">): WorkspaceFiles {
  async function orNotFound<T>(found: T | undefined, request: FilePath): Promise<T> {
    if (found !== undefined) return found;
    throw fileNotFound(request.path, await files.list(workspaceOf(request)));
  }

  return {
    list: async ({ glob = "*", ...who } = {}) =>
      (await files.list(workspaceOf(who))).filter(({ path }) => matchGlob(glob, path)),
    stat: async (request) =>
      orNotFound(await files.stat(workspaceOf(request), toFilePath(request.path)), request),
    read: async (request) =>
      orNotFound(await files.read(workspaceOf(request), toFilePath(request.path)), request),
    write: async ({ path, content, mime, ...who }) => {
      const bytes = typeof content === "string" ? textToBytes(content) : content;
      const written = await changeMakingRoom(files, workspaceOf(who), {
        kind: "write",
        path: toWritablePath(path),
        content: bytes,
        ...(mime === undefined ? {} : { mime }),
        limits,
      });
      return orNotFound(written, { path, ...who });
    },
    remove: async (request) => {
      const path = toFilePath(request.path);
      return orNotFound(await files.change(workspaceOf(request), { kind: "remove", path, limits }), request);
    },
    search: (request) => searchFiles(request, { files, workspace: workspaceOf(request) }),
  };
}

function workspaceOf({ principal = "local" }: { readonly principal?: string }): Workspace {
  return { principal, name: "default" };
}
