/**
 * What `createCodemode()` is given: sources, engine, stores and rules. Wiring them is codemode.ts'.
 */
import { join } from "node:path";
import { createListingKeeper } from "./catalog/kept-listings.ts";
import type { LiveCatalog } from "./catalog/live-catalog.ts";
import type { SourceOverrides } from "./catalog/source-overrides.ts";
import type { PolicyStatement } from "./policy/to-policy.ts";
import type { PinOptions } from "./run/approval-pin.ts";
import type { CheckMode } from "./run/check-snippet.ts";
import type { SourceRules } from "./run/source-rules.ts";
import type { Embed } from "./search/create-embedding.ts";
import type { AskModel } from "./spec/ask.ts";
import type { Engine } from "./spec/engine.ts";
import type { FileLimits } from "./spec/files.ts";
import type { Journal, Retention } from "./spec/journal.ts";
import type { Limits } from "./spec/limits.ts";
import type { SnippetModule } from "./spec/modules.ts";
import type { Policy } from "./spec/policy.ts";
import type { ProposePolicy } from "./spec/snippets.ts";
import type { Source } from "./spec/source.ts";
import type { WorkspaceStore } from "./spec/workspace.ts";

export interface CodemodeOptions<Sources extends readonly Source[] = readonly Source[]> {
  /** Owned from here on: closed with the core. Names must differ, also after they are made identifiers. */
  readonly sources: Sources;
  /** Owned from here on. */
  readonly engine: Engine;
  /** Default `ask-writes`. */
  readonly policy?: PolicyStatement;
  /** Counts beside `policy`, asked at each call: the stricter answer of both holds. For a policy that changes meanwhile. */
  readonly stricter?: Policy;
  /** Any of the limits; the others keep their defaults. */
  readonly limits?: Partial<Limits>;
  /**
   * Bytes of arguments under way that the host holds for all runs together; beyond them the guests wait, and new runs do.
   * Default: an eighth of the heap that this process may have.
   */
  readonly hostBytes?: number;
  /** `error` (default) refuses a snippet that does not type-check, `warn` runs it with a note, `off` does not look. */
  readonly check?: CheckMode;
  /** What the operator says of each source's tools, by source name. */
  readonly overrides?: {
    readonly [source: string]: SourceOverrides &
      SourceRules & {
        readonly observe?: boolean;
        /** Milliseconds after which the source, when it has not answered, counts as down. Default 20 s. */
        readonly startMs?: number;
      };
  };
  /** Adds tools that are near in meaning to every search: texts → vectors. Nothing is downloaded without it. */
  readonly embed?: Embed;
  /** Tools called after a search rise a little when the same principal searches for the same words. Default false. */
  readonly learn?: boolean;
  /** Folder for kept listings and search terms; without it every start asks every source. */
  readonly keepFolder?: string;
  /** Path of the configuration all this comes from: recorded with each run, for commands to find it by the run's id. */
  readonly configFile?: string;
  /** Where runs are kept. Default: in memory, so that no run outlives the process. Owned from here on. */
  readonly journal?: Journal;
  /** What `prune` keeps. Default: everything. */
  readonly retention?: Retention;
  /** Limits of a workspace's files; the others keep their defaults. */
  readonly fileLimits?: Partial<FileLimits>;
  /** Where state, saved snippets and files are kept. Default: in memory. Owned from here on. */
  readonly workspaces?: WorkspaceStore;
  /** What becomes of a snippet that a model proposes to save: `ask` (default) a person, `allow` or `deny` it. */
  readonly propose?: ProposePolicy;
  /** Packages that snippets may import, besides `codemode/std`. */
  readonly modules?: readonly SnippetModule[];
  /** The model behind `codemode.ask`. Default: that of an MCP client that offers sampling, for its own runs. */
  readonly ask?: AskModel;
  /** Milliseconds a question to a person stays open. Default 30 days. */
  readonly approvalMs?: number;
  /** Words that tell a user how a run is answered, such as a command. Default: by the program's own means. */
  readonly answerWith?: (runId: string) => string;
  /**
   * A write that was sent and of which no answer came: `ask` (default) pauses the run until a person says whether it
   * happened, `tell` gives the program the error and leaves the write in doubt.
   */
  readonly inDoubt?: "ask" | "tell";
  /**
   * Milliseconds after which a host that has not renewed its lease of a run counts as dead; others wait a sixth longer.
   * Default 30,000. All hosts of a store should have the same.
   */
  readonly leaseMs?: number;
  /** Told what an operator should know of: a run that another host has taken over. Default: nobody is. */
  readonly warn?: (message: string, details: { readonly [name: string]: string }) => void;
  /** Asks for a code that only the person has before an answer counts. Default: none is asked for. */
  readonly pin?: PinOptions;
  /** `background` (default) dials every source at once, `lazy` only what nothing is known of. */
  readonly dial?: "background" | "lazy";
}

/** How the catalog follows the sources. */
export function toLiveOptions({
  sources,
  overrides = {},
  keepFolder,
  dial,
}: CodemodeOptions): ConstructorParameters<typeof LiveCatalog>[0] {
  const unobserved = Object.entries(overrides).filter(([, each]) => each.observe === false);
  return {
    sources,
    overrides,
    unobserved: new Set(unobserved.map(([name]) => name)),
    startMs: Object.fromEntries(Object.entries(overrides).map(([name, { startMs }]) => [name, startMs])),
    ...(keepFolder === undefined ? {} : { keeper: createListingKeeper(join(keepFolder, "listings")) }),
    ...(dial === undefined ? {} : { dial }),
  };
}
