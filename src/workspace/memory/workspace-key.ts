/**
 * One text for one workspace: no name and no principal can make another workspace's.
 */
import type { Workspace } from "../../spec/workspace.ts";

export function workspaceKey({ principal, name }: Workspace): string {
  return JSON.stringify([principal, name]);
}
