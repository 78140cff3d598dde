/**
 * The values that cross between snippet and host: JSON and the few things JSON lacks.
 * The encoding is the bridge's (docs/bridge-protocol.md); this only names the set.
 */

export type Value =
  | null
  | undefined
  | boolean
  | number
  | string
  | bigint
  | Date
  | Uint8Array
  | Map<Value, Value>
  | Set<Value>
  | Value[]
  | { [key: string]: Value };

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** JSON whose integers may be larger than a number holds: what JSON text can say. */
export type ExactJson =
  | null
  | boolean
  | number
  | bigint
  | string
  | ExactJson[]
  | { [key: string]: ExactJson };

/** A JSON Schema of any draft, as it came from a stranger. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };
