/**
 * Saved snippets: what is kept under a name, by whom, and how it gets there. How they run is `loaded-snippets.ts`.
 */
import { CodemodeError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import { canonicalJson } from "../../schema/canonical-json.ts";
import type { Catalog } from "../../spec/tool.ts";
import type { SavedSnippets, SaveRequest, SnippetName } from "../../spec/snippets.ts";
import type {
  RequiredTool,
  SavedSnippet,
  SnippetDraft,
  SnippetToSave,
  Workspace,
} from "../../spec/workspace.ts";
import { checkSnippet } from "../check-snippet.ts";
import type { ExecuteContext } from "../execute-context.ts";
import { prepareSnippet } from "../prepare.ts";
import { hashText } from "../value-text.ts";
import { findRequiredTools } from "./find-required-tools.ts";
import { inferInput } from "./infer-input.ts";
import { refuseChangedTools } from "./refuse-changed-tools.ts";
import { fileToSnippet, isSchema, snippetToFile } from "./snippet-file.ts";
import { requireDescription, requireName } from "./snippet-name.ts";
import { wantedSources } from "../sources/wanted-sources.ts";
import { toRunSnippet } from "./to-run-snippet.ts";

export type SavedContext = Pick<
  ExecuteContext,
  "catalog" | "checker" | "check" | "declarations" | "journal" | "library" | "limits" | "workspaces"
>;

/** Names of one workspace. */
const mostNames = 500;

export function createSavedSnippets(context: SavedContext): SavedSnippets {
  const store = context.workspaces.snippets;

  async function show({
    name,
    principal,
    version,
  }: Parameters<SavedSnippets["show"]>[0]): Promise<SavedSnippet> {
    const workspace = workspaceOf(principal);
    const found =
      version === undefined
        ? ((await store.find(workspace, name)) ?? (await store.find(workspace, name, { status: "proposed" })))
        : await store.find(workspace, name, { version });
    if (found === undefined)
      throw await notFound({ name, ...(principal === undefined ? {} : { principal }) });
    return found;
  }

  async function notFound({ name, principal }: SnippetName): Promise<CodemodeError> {
    const names = (await store.list(workspaceOf(principal))).map((each) => each.name);
    const near = nearest(name.slice(0, 100), names);
    return new CodemodeError(
      "saved_snippet_not_found",
      `There is no saved snippet ${JSON.stringify(name.slice(0, 100))}.`,
      { hint: near.length > 0 ? `Did you mean ${near.join(" or ")}?` : "List the saved snippets there are." },
    );
  }

  async function save(request: SaveRequest): Promise<SavedSnippet> {
    const workspace = workspaceOf(request.principal);
    const name = requireName(request.name);
    const { code, called } = await codeOf(request, context);
    const before = await store.find(workspace, name);
    const input = request.input ?? inferInput(code);
    const catalog = await context.catalog(undefined, wantedSources(code));
    const draft: SnippetDraft = {
      name,
      description: requireDescription(request.description ?? before?.description),
      code,
      ...(input === undefined ? {} : { input }),
      tools: findRequiredTools(code, catalog, called),
    };
    refuseChangedTools(draft, catalog);
    return keep(draft, { workspace, status: "accepted" }, context);
  }

  return {
    save,
    show,
    list: ({ principal } = {}) => store.list(workspaceOf(principal)),
    async remove(request) {
      if (!(await store.remove(workspaceOf(request.principal), request.name, "all")))
        throw await notFound(request);
    },
    async accept(request) {
      const { name, hash, principal } = request;
      const workspace = workspaceOf(principal);
      const open = (await store.list(workspace)).find(
        (each) => each.name === name && each.status === "proposed",
      );
      const accepted = open?.hash === hash ? await store.accept(workspace, name, hash) : undefined;
      if (accepted !== undefined) return accepted;
      if (open === undefined) throw await notFound(request);
      throw new CodemodeError(
        "approval_not_pending",
        `What is proposed as ${name} by now (version ${open.version}) is not what was looked at. Nothing was accepted.`,
        { hint: `Look at it with codemode snippets accept ${name}, which shows it.` },
      );
    },
    async reject(request) {
      if (!(await store.remove(workspaceOf(request.principal), request.name, "proposals")))
        throw await notFound(request);
    },
    program: ({ name, input }) => toRunSnippet(name, input),
    exportFile: async (request) => snippetToFile(await show(request)),
    async importFile({ text, principal }) {
      const { version, ...draft } = fileToSnippet(text);
      return keep(draft, { workspace: workspaceOf(principal), status: "accepted", version }, context);
    },
  };
}

/** Checks a draft as it will be run, and adds it to the workspace. */
export async function keep(
  draft: SnippetDraft,
  how: { readonly workspace: Workspace } & Pick<SnippetToSave, "status" | "version">,
  context: SavedContext,
): Promise<SavedSnippet> {
  const { workspace, ...rest } = how;
  if (draft.input !== undefined && !isSchema(draft.input))
    throw new CodemodeError("saved_snippet_invalid", "The input schema is no JSON Schema.", {
      hint: 'Give an object such as { "type": "object", "properties": { … } }.',
    });
  await check(draft, await context.catalog(undefined, wantedSources(draft.code)), context);
  const store = context.workspaces.snippets;
  const names = new Set((await store.list(workspace)).map((each) => each.name));
  if (!names.has(draft.name) && names.size >= mostNames)
    throw new CodemodeError("saved_snippet_invalid", `A workspace keeps at most ${mostNames} snippets.`, {
      hint: "Remove some that are no longer used.",
    });
  return store.save(workspace, { ...draft, ...rest, hash: hashText(canonicalJson(draft)) });
}

async function check(draft: SnippetDraft, catalog: Catalog, context: SavedContext): Promise<void> {
  const { library, limits } = context;
  const prepared = prepareSnippet(draft.code, limits, { files: library.files, form: "saved" });
  const sources = catalog.sources.filter((source) => prepared.mentions(source.name));
  await checkSnippet(prepared, draft.code, {
    mode: context.check,
    checker: context.checker,
    declarations:
      context.check === "off"
        ? []
        : [
            ...sources.map(context.declarations),
            ...prepared.imported.map((each) => library.declarations(each)),
          ],
    troubles: catalog.troubles,
  });
}

async function codeOf(
  { code, from, principal = "local" }: SaveRequest,
  { journal }: SavedContext,
): Promise<{ readonly code: string; readonly called: readonly RequiredTool[] }> {
  if (from === undefined && typeof code === "string") return { code, called: [] };
  if (from === undefined || code !== undefined)
    throw new CodemodeError("usage", "A snippet is saved from either its code or a run.");
  const run = await journal.run(principal, from);
  if (run === undefined)
    throw new CodemodeError("run_not_found", `There is no run "${from.slice(0, 100)}".`, {
      hint: "List the runs there are.",
    });
  if (run.status !== "completed")
    throw new CodemodeError("saved_snippet_invalid", `The run ${from} is ${run.status}, not completed.`, {
      hint: "Save from a run that has done what it should.",
    });
  const called = (await journal.calls(from)).flatMap(({ kind, path, definition }) =>
    kind === "tool" && definition !== undefined ? [{ path, hash: definition }] : [],
  );
  return { code: run.code, called };
}

export function workspaceOf(principal = "local"): Workspace {
  return { principal, name: "default" };
}
