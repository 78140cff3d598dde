/**
 * One operation as its document describes it, whichever version the document is of. Schemas are still the
 * document's own, with its `$ref`s in them.
 */
import type {
  ParameterPlace,
  ParameterStyle,
  PropertyEncoding,
  SecurityRequirement,
  ServerTemplate,
} from "./compiled-document.ts";
import type { JsonRecord } from "./parse-document.ts";

export interface OperationModel {
  readonly operationId?: string;
  readonly method: string;
  readonly path: string;
  readonly tags: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly deprecated: boolean;
  readonly parameters: readonly ParameterModel[];
  readonly body?: BodyModel;
  readonly responses: readonly ResponseModel[];
  readonly servers?: readonly ServerTemplate[];
  readonly security?: readonly SecurityRequirement[];
  /** What was wrong with parts of it, one sentence each; the operation works without them. */
  readonly repairs: readonly string[];
  /** The operation object as received, and the parameters its path item adds. */
  readonly raw: JsonRecord;
}

export interface ParameterModel {
  readonly name: string;
  readonly place: ParameterPlace;
  readonly required: boolean;
  readonly description?: string;
  readonly deprecated: boolean;
  readonly schema: unknown;
  readonly style: ParameterStyle;
  readonly explode: boolean;
  readonly allowReserved: boolean;
  readonly mediaType?: string;
}

export interface BodyModel {
  readonly required: boolean;
  readonly description?: string;
  readonly contents: readonly ContentModel[];
}

export interface ContentModel {
  readonly mediaType: string;
  /** Absent where the document says nothing of the content. */
  readonly schema?: unknown;
  readonly encoding?: { readonly [property: string]: PropertyEncoding };
}

export interface ResponseModel {
  /** `200`, `2XX`, `default`. */
  readonly status: string;
  readonly contents: readonly ContentModel[];
}
