/**
 * The public API of the package: the core, the connectors, the engines and the contracts, by name.
 */
export { builtinNames } from "./builtin-names.ts";
export { toIdentifier } from "./catalog/to-identifier.ts";
export { createCodemode } from "./codemode.ts";
export type { CodemodeOptions } from "./codemode-options.ts";
export { createFunctionsSource } from "./connectors/functions/create-functions-source.ts";
export { createFunctionGroup, type FunctionDefinition } from "./connectors/functions/function-definition.ts";
export { createMcpSource } from "./connectors/mcp/create-mcp-source.ts";
export {
  createMcpClientSource,
  type ConnectedMcpClient,
  type McpClientSourceOptions,
} from "./connectors/mcp/create-mcp-client-source.ts";
export { upstreamResultOf, type UpstreamResult } from "./connectors/mcp/upstream-result.ts";
export type { McpSourceOptions } from "./connectors/mcp/mcp-source-options.ts";
export type { OpenApiSourceOptions } from "./connectors/openapi/openapi-source-options.ts";
export { hideSecrets } from "./redact/hide-secrets.ts";
export { createUtcpSource } from "./connectors/utcp/create-utcp-source.ts";
export { createOpenApiSource } from "./connectors/openapi/create-openapi-source.ts";
export { createMemoryJournal } from "./journal/memory/create-memory-journal.ts";
export { createSqliteJournal, type SqliteJournalOptions } from "./journal/sqlite/create-sqlite-journal.ts";
export { listingToSignatures } from "./listing-to-signatures.ts";
export { toPolicy, type PolicyStatement } from "./policy/to-policy.ts";
export { CallError, callOutcomes, type CallErrorOptions, type CallOutcome } from "./call-error.ts";
export { CodemodeError, errorCodes, type CodemodeErrorOptions, type ErrorCode } from "./errors.ts";
export { createQuickJsEngine, type QuickJsEngineOptions } from "./sandbox/quickjs/create-quickjs-engine.ts";
export { snippetToFunction } from "./snippet-to-function.ts";
export { createWorkerdEngine, type WorkerdEngineOptions } from "./sandbox/workerd/create-workerd-engine.ts";
export type { Checker, Diagnostic } from "./spec/check.ts";
export type {
  ApprovalAnswer,
  Codemode,
  ExecuteRequest,
  Execution,
  SourceAnswer,
  SourceOverview,
} from "./spec/codemode.ts";
export type { OpenQuestion, OpenQuestions } from "./spec/questions.ts";
export type {
  Engine,
  EngineReport,
  EngineSession,
  GuestCall,
  GuestProgram,
  IsolationLevel,
} from "./spec/engine.ts";
export {
  defaultFileLimits,
  type FileEntry,
  type FileLimits,
  type FileSearch,
  type FileSearchAnswer,
  type FileStore,
  type WorkspaceFiles,
} from "./spec/files.ts";
export type { Journal } from "./spec/journal.ts";
export type { RunEvent } from "./spec/events.ts";
export { defaultLimits, type Limits } from "./spec/limits.ts";
export {
  policyPresets,
  type Policy,
  type PolicyAnswer,
  type PolicyPreset,
  type PolicyRequest,
} from "./spec/policy.ts";
export { runDocumentSchema, type RunDocument, type RunStatus } from "./spec/run.ts";
export {
  searchDetails,
  type SearchAnswer,
  type SearchDetail,
  type SearchHit,
  type SearchRequest,
} from "./spec/search.ts";
export type { Source, SourceStatus } from "./spec/source.ts";
export type { IdentityRequest, SourceIdentity } from "./spec/source-identity.ts";
export type { ToolsOf, TypedSource, UntypedTools } from "./spec/typed-source.ts";
export type {
  Catalog,
  CatalogSource,
  Effect,
  SourceListing,
  Tool,
  ToolDefinition,
  ToolIssue,
} from "./spec/tool.ts";
export type { Json, JsonSchema, Value } from "./spec/value.ts";
export type { StateStore, Workspace, WorkspaceStore } from "./spec/workspace.ts";
export { createMemoryWorkspace } from "./workspace/memory/create-memory-workspace.ts";
export {
  createSqliteWorkspace,
  type SqliteWorkspaceOptions,
} from "./workspace/sqlite/create-sqlite-workspace.ts";
export { bundleModules, type BundleOptions } from "./modules/bundle-modules.ts";
export type { AskModel, AskPerson, ModelQuestion, PersonAnswer, PersonQuestion } from "./spec/ask.ts";
export type { SnippetModule } from "./spec/modules.ts";
export type { SavedSnippets } from "./spec/snippets.ts";
