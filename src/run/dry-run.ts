/**
 * Runs a snippet without its writes. Reads happen; a write is looked up, validated and judged by the policy, and
 * then waits for ever, so that the run ends at the first write whose result it needs, as soon as all else has
 * settled. The answer lists the writes. Nothing is kept: no record, no state, no saved snippet.
 */
import { CodemodeError } from "../errors.ts";
import { createMemoryJournal } from "../journal/memory/create-memory-journal.ts";
import type { Execution, ExecuteRequest } from "../spec/codemode.ts";
import type { FileChange, FileEntry } from "../spec/files.ts";
import type { Policy } from "../spec/policy.ts";
import type { RunDocument } from "../spec/run.ts";
import type { WorkspaceStore } from "../spec/workspace.ts";
import { refuseLargeFile } from "../workspace/files/file-quota.ts";
import { hashBytes } from "../workspace/files/hash-bytes.ts";
import { pathToMime } from "../workspace/files/path-to-mime.ts";
import { documentToText } from "./document-to-text.ts";
import type { ExecuteContext } from "./execute-context.ts";
import { executeSnippet } from "./execute-snippet.ts";
import { lowerLimits } from "./lower-limits.ts";

/** A run that ended at a write is `completed`, without a result. */
export async function dryRun(request: ExecuteRequest, context: ExecuteContext): Promise<Execution> {
  const { document: run } = await executeSnippet(request, {
    ...context,
    journal: createMemoryJournal(),
    waits: () => undefined,
    policy: holdWrites(context.policy),
    workspaces: readOnly(context.workspaces),
    builtins: new Map([...context.builtins, ["propose", refusePropose]]),
  });
  const { pending: _pending, artifacts: _held, ...ended } = run;
  const document: RunDocument = {
    ...ended,
    status: run.status === "paused" ? "completed" : run.status,
    dryRun: true,
  };
  const stopped = run.status === "paused";
  const text = documentToText(document, {
    code: request.code,
    tokens: lowerLimits(context.limits, request.limits).resultTokens,
    stopped,
    notes: stopped ? ["It ended there: to go on it needs an answer that a dry run does not get."] : [],
  });
  return { document, text };
}

/** A refusal stays one, and a read that a person is asked about is not made without them. */
function holdWrites(policy: Policy): Policy {
  return (request) => {
    const answer = policy(request);
    if (answer.decision === "deny") return answer;
    return request.tool.effect === "read" ? answer : { decision: "ask", reason: "A dry run does not write." };
  };
}

function readOnly({ state, snippets, files }: WorkspaceStore): WorkspaceStore {
  const refuse = async (): Promise<never> => {
    throw notInDryRun("Nothing is saved");
  };
  return {
    state: {
      get: (workspace, key) => state.get(workspace, key),
      sizes: (workspace) => state.sizes(workspace),
      commit: async () => undefined,
    },
    snippets: {
      find: (workspace, name, which) => snippets.find(workspace, name, which),
      list: (workspace) => snippets.list(workspace),
      used: async () => undefined,
      save: refuse,
      accept: refuse,
      remove: refuse,
    },
    files: {
      list: (workspace) => files.list(workspace),
      stat: (workspace, path) => files.stat(workspace, path),
      read: (workspace, path) => files.read(workspace, path),
      change: async (workspace, change) => held(await files.stat(workspace, change.path), change),
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** What the change would answer; a limit of the whole workspace is not looked at. */
function held(before: FileEntry | undefined, change: FileChange): FileEntry | undefined {
  const { kind, path, content = new Uint8Array(), mime, limits } = change;
  if (kind === "remove") return before;
  const old = kind === "append" ? before : undefined;
  const bytes = (old?.bytes ?? 0) + content.byteLength;
  refuseLargeFile(bytes, limits);
  return {
    path,
    hash: hashBytes(content),
    bytes,
    mime: old?.mime ?? mime ?? pathToMime(path),
    modifiedAt: Date.now(),
  };
}

async function refusePropose(): Promise<never> {
  throw notInDryRun("codemode.propose saves nothing");
}

function notInDryRun(what: string): CodemodeError {
  return new CodemodeError("unsupported", `${what} in a dry run.`, {
    hint: "Run it without dryRun.",
  });
}
