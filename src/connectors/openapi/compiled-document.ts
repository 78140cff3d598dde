/**
 * What is left of an API description once it has been read: the listing, and for each operation what a call
 * needs. Plain JSON, since it is kept on disk under the hash of the document's text. Holds no secret.
 */
import type { SourceListing } from "../../spec/tool.ts";

/** Goes up whenever reading the same document would give another result; older kept forms are then ignored. */
export const compiledFormat = 1;

export interface CompiledDocument {
  readonly format: number;
  readonly listing: SourceListing;
  readonly operations: readonly HttpOperation[];
  readonly servers: readonly ServerTemplate[];
  readonly securitySchemes: { readonly [name: string]: SecurityScheme };
  /** For operations that state none of their own. */
  readonly security: readonly SecurityRequirement[];
}

export interface HttpOperation {
  /** The tool's upstream name. */
  readonly id: string;
  /** In capitals. */
  readonly method: string;
  /** With `{parameters}` in it. */
  readonly path: string;
  readonly parameters: readonly HttpParameter[];
  readonly body?: HttpBody;
  /** Media types that successful answers are described in, preferred first. */
  readonly accepts: readonly string[];
  /** The argument that picks one of `accepts`. */
  readonly acceptKey?: string;
  /** Where they differ from the document's. */
  readonly servers?: readonly ServerTemplate[];
  readonly security?: readonly SecurityRequirement[];
}

export const parameterPlaces = ["path", "query", "header", "cookie"] as const;
export type ParameterPlace = (typeof parameterPlaces)[number];

export const parameterStyles = [
  "matrix",
  "label",
  "simple",
  "form",
  "spaceDelimited",
  "pipeDelimited",
  "tabDelimited",
  "deepObject",
  "cookie",
] as const;
export type ParameterStyle = (typeof parameterStyles)[number];

export interface HttpParameter {
  /** The name of the argument that holds its value. */
  readonly key: string;
  /** The name on the wire. */
  readonly name: string;
  readonly place: ParameterPlace;
  readonly required: boolean;
  readonly style: ParameterStyle;
  readonly explode: boolean;
  readonly allowReserved?: boolean;
  /** The value is written in this media type instead of a style. */
  readonly mediaType?: string;
}

export interface HttpBody {
  readonly key: string;
  readonly required: boolean;
  /** Preferred first; never empty. */
  readonly contents: readonly HttpContent[];
  /** The argument that picks one of `contents` by its media type. */
  readonly contentTypeKey?: string;
}

export interface HttpContent {
  readonly mediaType: string;
  /** How single properties of a form are written, where it says so. */
  readonly encoding?: { readonly [property: string]: PropertyEncoding };
}

export interface PropertyEncoding {
  readonly contentType?: string;
  readonly style?: ParameterStyle;
  readonly explode?: boolean;
  readonly allowReserved?: boolean;
}

export interface ServerTemplate {
  readonly url: string;
  readonly variables: {
    readonly [name: string]: { readonly default: string; readonly enum?: readonly string[] };
  };
}

/** Scheme names that all have to be satisfied; an empty one asks for nothing. */
export type SecurityRequirement = readonly string[];

export type SecurityScheme =
  | { readonly type: "apiKey"; readonly name: string; readonly place: "query" | "header" | "cookie" }
  | { readonly type: "bearer" }
  | { readonly type: "basic" }
  /** `tokenUrl` and `scopes` of the client credentials flow, where there is one. */
  | { readonly type: "oauth2"; readonly tokenUrl?: string; readonly scopes?: readonly string[] }
  | { readonly type: "unsupported"; readonly reason: string };
