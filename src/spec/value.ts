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

/** A JSON Schema of any draft, as it came from a stranger. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };
