/**
 * What a tool is: as a connector lists it, and as the catalog keeps it.
 */
import type { JsonSchema } from "./value.ts";

/** What a tool does to the world. Unknown means `write`. */
export type Effect = "read" | "write" | "destructive";

/** A tool as its connector lists it, before names are made safe and overrides applied. */
export interface ToolDefinition {
  /** The upstream's own name, kept for the call. */
  readonly upstreamName: string;
  /** Name segments below the source; `["repos", "createInOrg"]`. Characters no identifier has are still in. */
  readonly name: readonly string[];
  readonly title?: string;
  readonly description?: string;
  /** Always an object schema; `$ref: "#/$defs/X"` may also name one of the listing's `definitions`. */
  readonly input: JsonSchema;
  readonly output?: JsonSchema;
  /** What the source says of itself; `undefined` where it says nothing that may be believed. */
  readonly effect?: Effect;
  /** What the source says of itself, believed or not. Default: `effect`. */
  readonly stated?: Effect;
  readonly tags?: readonly string[];
  readonly deprecated?: boolean;
  /** A completed call can be undone through the source's `revert`. */
  readonly revertible?: boolean;
  /** The definition exactly as it was received, for hashing. */
  readonly raw: unknown;
}

/** A tool that cannot be used, or one that was repaired, and why. */
export interface ToolIssue {
  readonly upstreamName: string;
  readonly kind: "left_out" | "repaired" | "renamed";
  readonly reason: string;
}

/** Everything one source offers at one moment. */
export interface SourceListing {
  readonly tools: readonly ToolDefinition[];
  /** Named schemas shared by the source's tools, referred to as `#/$defs/<name>`. */
  readonly definitions?: { readonly [name: string]: JsonSchema };
  readonly issues: readonly ToolIssue[];
  /** One phrase on what the source is for. */
  readonly title?: string;
  /** The source's own instructions to a model: text of a stranger. */
  readonly instructions?: string;
  /** Why the source could not be asked, where this is what it said before. */
  readonly outage?: string;
}

/** How a source is asked about one of its tools. */
export interface ConfirmOptions {
  /** `always`: whatever it has said before. `kept`: only where all that is known is from an earlier start. */
  readonly when: "kept" | "always";
  readonly signal: AbortSignal;
  /** Milliseconds that its answer may take. */
  readonly timeoutMs: number;
}

/** A tool in the catalog: safe names, final effect, hashed definition. */
export interface Tool {
  /** `<source>.<segment>…`, each segment an identifier. */
  readonly path: string;
  readonly source: string;
  /** The identifiers below the source. */
  readonly segments: readonly string[];
  readonly upstreamName: string;
  readonly title?: string;
  readonly description: string;
  readonly input: JsonSchema;
  readonly output?: JsonSchema;
  /** The shape learned from real answers, where the source states none. */
  readonly observed?: JsonSchema;
  /** A completed call can be undone through the source's `revert`. */
  readonly revertible?: boolean;
  readonly effect: Effect;
  /** `unstated`: the operator's word for tools whose source says nothing. */
  readonly effectOrigin: "source" | "config" | "unstated" | "default";
  /** What the source says of itself, believed or not; `undefined` where it says nothing. */
  readonly stated?: Effect;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
  /** Another path of the catalog that looks the same and is written otherwise. */
  readonly looksLike?: string;
  /** SHA-256 (hex) of the raw definition in canonical JSON. */
  readonly hash: string;
  /** The definition exactly as it was received: text of a stranger. */
  readonly raw?: unknown;
}

/** A source as the catalog keeps it. */
export interface CatalogSource {
  readonly name: string;
  /** Another source whose name looks the same and is written otherwise. */
  readonly looksLike?: string;
  readonly title?: string;
  readonly instructions?: string;
  readonly definitions: { readonly [name: string]: JsonSchema };
  readonly tools: readonly Tool[];
  readonly issues: readonly ToolIssue[];
}

/** A configured source that does not offer what it has now. */
export interface SourceTrouble {
  readonly name: string;
  readonly state: "starting" | "down";
  /** To follow the name: `starting`, `down, set GITHUB_TOKEN`. One line; partly a stranger's. */
  readonly text: string;
}

/** The frozen list of all tools of all sources. */
export interface Catalog {
  /** Content hash (hex, 16 characters): equal catalogs have equal versions. */
  readonly version: string;
  readonly sources: readonly CatalogSource[];
  /** Sources of the configuration that are starting or down: not in the version, since they come and go. */
  readonly troubles?: readonly SourceTrouble[];
  /** Every tool by its path, in deterministic order. */
  readonly tools: ReadonlyMap<string, Tool>;
}
