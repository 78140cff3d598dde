/**
 * Every error code of the product, in one place, and the one class that carries them.
 * A code is listed here with the sentence docs/errors.md opens its section with; a test compares the two.
 * What a given error says beyond that (message, hint, position) is written where it is thrown.
 */

export const errorCodes = {
  // Configuration and start-up
  config_not_found: "No configuration file was found.",
  config_unreadable: "The configuration file could not be read or is not valid JSON with comments.",
  config_invalid: "A configuration key is unknown, missing or has the wrong type.",
  config_variable_missing: "A ${VAR} in the configuration is not set in the environment.",
  config_consent_required: "A configuration found in the working folder has not been agreed to.",
  node_too_old: "The running Node.js is older than the product supports.",
  port_in_use: "The port the server should listen on is taken.",
  bind_requires_token: "The server would listen beyond loopback without a token.",
  usage: "The command line is not one the program understands.",

  // Sources and their tools
  source_unavailable: "A source could not be reached or did not start.",
  source_invalid: "A source answered with something that is not a usable list of tools.",
  source_timeout: "A source did not answer in time.",
  tool_not_found: "No tool has this path.",
  tool_arguments_invalid: "The arguments do not fit the tool's input schema.",
  tool_failed: "The tool itself answered with an error.",
  tool_result_invalid: "A tool's answer is too large, too deep or malformed.",
  tool_definition_invalid: "A tool's definition cannot be used; it is listed with its reason.",
  relay_declined:
    "A source asked a person or a model for something in the middle of a call, and was not answered.",
  definition_changed: "A tool is no longer what a person approved.",
  call_denied: "The policy refuses this call.",
  approval_rejected: "A person rejected this call, or nobody answered in time.",
  grant_not_found: "There is no standing approval of this name.",
  write_in_doubt: "The same write was sent before, and nobody knows whether it happened.",
  approval_not_pending: "There is no open question to answer.",
  answer_invalid: "An answer does not fit what was asked.",
  pin_required: "An answer needs the code that only the person has.",
  pin_wrong: "The code given with an answer is not the right one.",
  pin_locked: "Too many wrong codes were given; no answer counts for now.",
  approval_state_invalid: "An answer came with a state that is forged, foreign, used or expired.",
  call_limit: "The run has used up the calls it may make, in total or at once.",

  // Snippets
  snippet_too_large: "The snippet is larger than the limit.",
  snippet_empty: "There is no code to run.",
  snippet_syntax: "The snippet cannot be parsed.",
  snippet_type: "The snippet does not type-check.",
  check_timeout: "The type check of a snippet took too long or too much memory and was stopped.",
  snippet_unchecked: "The snippet could not be type-checked, and is not run without.",
  snippet_threw: "The snippet threw and did not catch it.",
  value_unsupported: "A value cannot cross between the snippet and the host.",
  value_too_large: "A value is larger or deeper than the limit.",
  unsupported: "The engine lacks what the snippet used.",

  // Loaded workers
  worker_invalid: "What should be loaded is no usable worker.",
  worker_threw: "A loaded worker threw and did not catch it.",
  entrypoint_not_found: "A loaded worker has no such entrypoint or method.",

  // Workspaces: state, saved snippets, modules
  state_limit: "A key, a value or the whole of a workspace's state is larger than its limit.",
  state_conflict: "Another run changed the state that this one had read.",
  file_not_found: "The workspace has no file under this path.",
  file_path_invalid: "What should name a file is no path that a workspace takes.",
  file_limit: "A file, the files of a workspace or what a run writes to them is larger than its limit.",
  file_content_invalid: "A file's content is not what it should be read as or written from.",
  saved_snippet_not_found: "The workspace has no saved snippet of this name.",
  saved_snippet_invalid: "What should be saved is no usable snippet.",
  saved_snippet_changed: "A tool that a saved snippet needs has changed or gone since it was saved.",
  saved_snippet_input: "The input does not fit what a saved snippet takes.",
  module_invalid: "A package under modules cannot be given to snippets.",

  // Runs and the sandbox
  wall_limit: "The snippet ran longer than its wall-clock limit.",
  lifetime_limit: "The run, with all its waiting, lasted longer than its limit.",
  cpu_limit: "The snippet used more CPU time than its limit.",
  memory_limit: "The snippet used more memory than its limit.",
  timer_limit: "The snippet started more timers than its limit.",
  never_settled: "The snippet waits for something that can no longer happen.",
  run_cancelled: "The run was cancelled.",
  run_not_found: "There is no such run.",
  run_not_ended: "The run has not ended yet.",
  run_paused: "The run waits for a person.",
  rollback_incomplete: "Not every write of the run could be undone.",
  run_diverged: "A replay did something else than its record.",
  run_foreign: "The run belongs to other sources than those here.",
  run_unresumable: "What the run was begun with is no longer there.",
  host_busy: "The host holds as much for its runs as it may, and nothing of it was let go in time.",
  questions_too_large: "The open questions of a run hold more than may be asked of a person at once.",
  sandbox_busy: "Every sandbox process is leased and the queue is full.",
  sandbox_died: "The sandbox process died.",
  sandbox_unavailable: "The sandbox could not be started on this machine.",
  sandbox_too_weak: "The machine cannot give the isolation that the configuration requires.",
  bridge_violation: "The sandbox broke the bridge protocol and was killed.",

  // The store
  lease_lost: "Another host has taken over the run.",
  host_closing: "The host is closing and has left the run as it stands.",
  store_full: "The store's disk is full.",
  store_locked: "Another program holds the store.",
  store_corrupt: "The store's file is damaged or is no store.",
  store_unwritable: "The store's file or folder cannot be written.",
  store_too_new: "The store was written by a newer version.",
  store_key_missing: "The store is encrypted and its key is not given.",
  store_key_wrong: "The store's key is not the one it was encrypted with, or is no key.",

  // Clients and generated files
  server_unreachable: "The Code Mode server could not be reached, or did not answer as one.",
  output_refused: "Generated files would replace what the generator did not write.",

  internal: "A fault of the product itself.",
} as const;

export type ErrorCode = keyof typeof errorCodes;

export interface CodemodeErrorOptions {
  /** The next step, in one sentence: what to change or which name was probably meant. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** One-based position in the model's own code, where there is one. */
  readonly line?: number;
  readonly column?: number;
  /** JSON detail for programs: `{ status, body }` of an HTTP answer, the failing field of a config, … */
  readonly data?: unknown;
}

/** The only error class that the product throws on purpose. */
export class CodemodeError extends Error {
  override readonly name = "CodemodeError";
  readonly code: ErrorCode;
  readonly hint?: string;
  readonly line?: number;
  readonly column?: number;
  readonly data?: unknown;

  constructor(code: ErrorCode, message: string, options: CodemodeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    if (options.hint !== undefined) this.hint = options.hint;
    if (options.line !== undefined) this.line = options.line;
    if (options.column !== undefined) this.column = options.column;
    if (options.data !== undefined) this.data = options.data;
  }
}

/** The error as it is, or an `internal` one around what was thrown. */
export function toCodemodeError(thrown: unknown): CodemodeError {
  if (thrown instanceof CodemodeError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new CodemodeError("internal", message, { cause: thrown });
}
