/**
 * Wires the core: sources into a live catalog, the catalog into types and search, snippets into runs.
 * Engines, sources and policies are passed in; surfaces build on what this returns and on nothing else.
 */
import { join } from "node:path";
import { catalogBelow, sourcesOf } from "./catalog/catalog-below.ts";
import { LiveCatalog } from "./catalog/live-catalog.ts";
import { refuseEqualNames } from "./catalog/refuse-equal-names.ts";
import { toIdentifier } from "./catalog/to-identifier.ts";
import { toLiveOptions, type CodemodeOptions } from "./codemode-options.ts";
import { createToolsProxy } from "./client/create-tools-proxy.ts";
import { documentToResult } from "./client/document-to-result.ts";
import { createLazyChecker } from "./check/create-lazy-checker.ts";
import { CodemodeError } from "./errors.ts";
import { FairTurns } from "./fairness/fair-turns.ts";
import { strictestOf } from "./policy/strictest-of.ts";
import { toPolicy, toPolicyVersion } from "./policy/to-policy.ts";
import { diagnoseSnippet } from "./run/check-snippet.ts";
import { createBuiltins } from "./run/create-builtins.ts";
import { createArgumentsCheck } from "./run/create-arguments-check.ts";
import { detachRun } from "./run/detach-run.ts";
import { dryRun } from "./run/dry-run.ts";
import type { ExecuteContext } from "./run/execute-context.ts";
import { createWorkspaceFiles } from "./run/files/create-workspace-files.ts";
import { cancelRun } from "./run/end-run.ts";
import { executeSnippet } from "./run/execute-snippet.ts";
import { createMemoryJournal } from "./journal/memory/create-memory-journal.ts";
import { createAdmission } from "./run/memory/admit-run.ts";
import { createHostMemory } from "./run/memory/host-memory.ts";
import { createModuleLibrary, pinModules } from "./run/module-library.ts";
import { prepareSnippet } from "./run/prepare.ts";
import { defaultLeaseMs } from "./run/lease/hold-lease.ts";
import { listRuns } from "./run/list-runs.ts";
import { openQuestions } from "./run/open-questions.ts";
import { listPending } from "./run/list-pending.ts";
import { takeAcceptance, takeAnswer } from "./run/questions/take-answer.ts";
import { listGrants, revokeGrant } from "./run/questions/standing-grants.ts";
import { recoverRuns } from "./run/recover-runs.ts";
import { replayRun } from "./run/replay-run.ts";
import { resumeRun, showRun } from "./run/resume-run.ts";
import { createProposeBuiltin } from "./run/saved/propose-builtin.ts";
import { createSavedSnippets } from "./run/saved/create-saved-snippets.ts";
import { rollbackRun } from "./run/rollback/rollback-run.ts";
import { idempotencyOf, isReexecuted, undoOf, type SourceRules } from "./run/source-rules.ts";
import { createSnippetCatalog } from "./run/saved/snippet-catalog.ts";
import { toLimits } from "./run/to-limits.ts";
import { toCallSnippet } from "./run/to-call-snippet.ts";
import { catalogToInline } from "./search/catalog-to-inline.ts";
import { catalogToOverview } from "./search/catalog-to-overview.ts";
import { createSearch } from "./search/create-search.ts";
import { createTermKeeper } from "./search/create-term-keeper.ts";
import { describePath } from "./search/describe-path.ts";
import { createUseLearning } from "./search/learn-from-use.ts";
import { searchAnswerToText } from "./search/search-answer-to-text.ts";
import type { RenderSignature } from "./search/tool-signature.ts";
import type { Codemode, Execution, ResumeRequest } from "./spec/codemode.ts";
import type { WaitingRun } from "./spec/questions.ts";
import type { Source } from "./spec/source.ts";
import { defaultFileLimits } from "./spec/files.ts";
import type { CatalogSource, Tool } from "./spec/tool.ts";
import type { ToolsOf } from "./spec/typed-source.ts";
import type { Value } from "./spec/value.ts";
import { catalogToDeclarations } from "./typegen/catalog-to-declarations.ts";
import { prelude } from "./typegen/prelude.ts";
import { sourceToDeclarations } from "./typegen/source-to-declarations.ts";
import { toolToDescription } from "./typegen/tool-to-description.ts";
import { toolToSignature } from "./typegen/tool-to-signature.ts";
import { typeNamesOf, typeToDescription } from "./typegen/type-to-description.ts";
import { createMemoryWorkspace } from "./workspace/memory/create-memory-workspace.ts";

/** Beyond these, searches are answered in turn, fair between who asks. */
const searchesAtOnce = 4;
const defaultApprovalMs = 30 * 86_400_000;

/** Throws `config_invalid` for sources of the same name and for limits out of range. */
export function createCodemode<const Sources extends readonly Source[]>(
  options: CodemodeOptions<Sources>,
): Codemode<ToolsOf<Sources>>;
/** `Declared` is the type of `tools`: the `Tools` that `codemode types --out` writes. */
export function createCodemode<Declared>(options: CodemodeOptions): Codemode<Declared>;
export function createCodemode(options: CodemodeOptions): Codemode {
  refuseEqualNames(options.sources);
  const limits = toLimits(options.limits);
  const { policy = "ask-writes", keepFolder } = options;
  const live = new LiveCatalog(toLiveOptions(options));
  const checker =
    options.check === "off" ? undefined : createLazyChecker({ prelude, warm: options.dial !== "lazy" });
  const signature: RenderSignature = (tool, budget) => toolToSignature(tool, sourceOf(tool), budget);
  const learning =
    options.learn === true ? createUseLearning(keepFolder && join(keepFolder, "uses.json")) : undefined;
  const search = createSearch({
    signature,
    ...(keepFolder === undefined ? {} : { keep: createTermKeeper(join(keepFolder, "terms")) }),
    ...(options.embed === undefined ? {} : { embed: options.embed }),
    ...(learning === undefined ? {} : { memory: learning.memory }),
  });
  const declared = new WeakMap<CatalogSource, ReturnType<typeof sourceToDeclarations>>();
  const journal = options.journal ?? createMemoryJournal();
  const library = createModuleLibrary(options.modules ?? []);
  const workspaces = options.workspaces ?? createMemoryWorkspace();
  const snippetCatalog = createSnippetCatalog(workspaces.snippets);
  const running = new Set<Promise<unknown>>();
  const searching = new FairTurns({ atOnce: searchesAtOnce });
  const closing = new AbortController();
  const waiting = new Set<(run: WaitingRun) => void>();

  function sourceOf(tool: Tool): CatalogSource {
    const source =
      live.now().sources.find((each) => each.name === tool.source) ?? snippetCatalog.sourceOf(tool);
    if (source === undefined)
      throw new CodemodeError("source_unavailable", `The source "${tool.source}" is gone.`);
    return source;
  }

  function declarationsOf(source: CatalogSource): ReturnType<typeof sourceToDeclarations> {
    const known = declared.get(source) ?? sourceToDeclarations(source);
    declared.set(source, known);
    return known;
  }

  async function answer(request: Parameters<Codemode["search"]>[0]): ReturnType<Codemode["search"]> {
    const turn = await searching.enter({ path: [request.principal ?? "local", ...(request.client ?? [])] });
    if (typeof turn === "string") throw new CodemodeError("internal", "A search had no turn.");
    using _turn = turn;
    learning?.searched(request.principal ?? "local", request.query);
    return await search.search(await snippetCatalog.extend(await live.soon(), request.principal), request);
  }

  const describe: Codemode["describe"] = async (path, { principal } = {}) =>
    (await snippetCatalog.describe(path, principal)) ??
    describePath(await live.soon(), path, {
      tool: toolToDescription,
      type: typeToDescription,
      typeNames: typeNamesOf,
    });

  const memory = createHostMemory(options.hostBytes);
  const context: ExecuteContext = {
    memory,
    admission: createAdmission(memory),
    engine: pinModules(options.engine, options.modules ?? []),
    ...(checker === undefined ? {} : { checker }),
    check: options.check ?? "error",
    policy: strictestOf(toPolicy(policy), ...(options.stricter === undefined ? [] : [options.stricter])),
    limits,
    catalog: (signal, wanted) => live.current({ signal, wanted }),
    confirm: (tool, confirming) => live.confirm(tool, confirming),
    declarations: declarationsOf,
    source: (name) => live.source(name),
    whyMissing: (name) => live.now().troubles?.find((trouble) => trouble.name === name)?.text,
    validate: createArgumentsCheck(sourceOf),
    undoOf: (tool) => undoOf(tool, rulesOf(tool)),
    idempotency: (tool) => idempotencyOf(tool, rulesOf(tool), live.source(tool.source)),
    reexecutes: (tool) => isReexecuted(tool, rulesOf(tool), live.source(tool.source)),
    policyVersion: toPolicyVersion(policy),
    config: options.configFile,
    journal,
    workspaces,
    fileLimits: { ...defaultFileLimits, ...options.fileLimits },
    library,
    ask: options.ask,
    approvalMs: options.approvalMs ?? defaultApprovalMs,
    ...(options.answerWith === undefined ? {} : { answerWith: options.answerWith }),
    waits: (run) => {
      for (const listener of waiting) listener(run);
    },
    inDoubt: options.inDoubt ?? "ask",
    leaseMs: options.leaseMs ?? defaultLeaseMs,
    warn: options.warn ?? (() => undefined),
    builtins: new Map([
      ...createBuiltins({ search: answer, describe }),
      ...createProposeBuiltin(options.propose ?? "ask", () => context),
    ]),
    answered: (tool, value, principal) => {
      live.answered(tool.source, tool.upstreamName, value, tool.output !== undefined);
      learning?.called(principal, tool.path);
    },
  };

  function rulesOf({ source }: Tool): SourceRules | undefined {
    const named = Object.entries(options.overrides ?? {}).find(([name]) => toIdentifier(name) === source);
    return named?.[1];
  }

  /** Counts a run as under way until it has ended, so that closing can end it first. */
  async function track<R extends { readonly signal?: AbortSignal }, T>(
    request: R,
    begin: (request: R & { readonly signal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    if (closing.signal.aborted) throw new CodemodeError("run_cancelled", "This Codemode is closed.");
    const signals = [closing.signal, ...(request.signal === undefined ? [] : [request.signal])];
    const run = begin({ ...request, signal: AbortSignal.any(signals) });
    running.add(run);
    return run.finally(() => running.delete(run));
  }

  const keep = (work: Promise<unknown>): void => {
    running.add(work);
    void work.finally(() => running.delete(work));
  };
  const execute: Codemode["execute"] = (request) =>
    track(request, (tracked) => {
      if (request.detach === true) return detachRun(tracked, context, { leave: closing.signal, keep });
      return request.dryRun === true ? dryRun(tracked, context) : executeSnippet(tracked, context);
    });
  const goOn = async (begin: typeof rollbackRun, request: ResumeRequest): Promise<Execution> => {
    await takeAcceptance(request, options.pin);
    return track(request, (tracked) => begin(tracked, context));
  };
  const resume: Codemode["resume"] = (request) => goOn(resumeRun, request);

  const call: Codemode["call"] = async (path, args, request = {}) =>
    execute({ ...request, code: toCallSnippet(path, args) });

  const close: Codemode["close"] = async () => {
    closing.abort();
    await Promise.allSettled(running);
    await Promise.allSettled([
      live[Symbol.asyncDispose](),
      options.engine[Symbol.asyncDispose](),
      checker?.[Symbol.asyncDispose](),
      learning?.keep(),
    ]);
    await Promise.all([journal[Symbol.asyncDispose](), workspaces[Symbol.asyncDispose]()]);
  };

  return {
    tools: createToolsProxy(async (path, args) => {
      const { document } = await call(path, args as Value);
      return documentToResult(document);
    }),
    catalog: (request) => live.current(request),
    sources: () => live.overview(),
    onChange: (listener) => live.onChange(listener),
    search: answer,
    searchText: async (request) => {
      if (request.query.trim() === "" && request.source === undefined)
        return catalogToOverview(await snippetCatalog.extend(await live.soon(), request.principal));
      return searchAnswerToText(await answer(request));
    },
    overview: (budget) => catalogToOverview(live.now(), budget),
    inline: (budget) => catalogToInline(live.now(), { signature, ...budget }),
    describe,
    types: async (path) =>
      catalogToDeclarations(catalogBelow(await live.current({ wanted: sourcesOf(path) }), path)),
    check: async (code) => {
      const prepared = prepareSnippet(code, limits, library);
      const { sources, troubles } = await live.current({ wanted: (source) => prepared.mentions(source) });
      const declarations = [
        ...sources.filter((source) => prepared.mentions(source.name)).map(declarationsOf),
        ...prepared.imported.map((each) => library.declarations(each)),
      ];
      const found = await diagnoseSnippet(prepared, {
        mode: "error",
        checker: checker ?? noChecker(),
        declarations,
        troubles,
      });
      if (typeof found === "string") throw new CodemodeError("unsupported", found);
      return found;
    },
    execute,
    resume,
    snippets: createSavedSnippets(context),
    files: createWorkspaceFiles(context),
    rollback: (request) => goOn(rollbackRun, request),
    recover: () => track({}, ({ signal }) => recoverRuns(context, signal)),
    replay: (request) => track(request, (tracked) => replayRun(tracked, context)),
    prune: () => journal.prune(options.retention ?? {}, Date.now()),
    questions: (request) => openQuestions(request, journal),
    answer: (request) => takeAnswer(request, context, options.pin),
    pending: (request = {}) => listPending(request, journal),
    grants: async (request = {}) => {
      const { covering } = request;
      const tool = covering === undefined ? undefined : (await live.current()).tools.get(covering.path);
      return listGrants(request, { journal, tool });
    },
    revoke: (request) => revokeGrant(request, journal),
    onWaiting: (listener) => {
      waiting.add(listener);
      return { [Symbol.dispose]: () => void waiting.delete(listener) };
    },
    cancel: async (request) => {
      await cancelRun(request, context);
      return showRun(request, context);
    },
    show: (request) => showRun(request, context),
    runs: (request = {}) => listRuns(request, journal),
    call,
    engine: () => options.engine.ready(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function noChecker(): never {
  throw new CodemodeError("unsupported", 'There is no type check: it is switched off by "check": "off".');
}
