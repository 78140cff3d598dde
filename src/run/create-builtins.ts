/**
 * The functions behind `codemode.<name>(…)` in a snippet, over what the core can do.
 */
import { CodemodeError } from "../errors.ts";
import type { SearchAnswer, SearchRequest } from "../spec/search.ts";
import type { Value } from "../spec/value.ts";
import type { BuiltinCall, Builtins } from "./call-builtin.ts";

export interface BuiltinSources {
  readonly search: (request: SearchRequest) => Promise<SearchAnswer>;
  readonly describe: (path: string, request: { readonly principal: string }) => Promise<string>;
}

export function createBuiltins({ search, describe }: BuiltinSources): Builtins {
  return new Map<string, (call: BuiltinCall) => Promise<Value>>([
    [
      "search",
      async ({ args, principal }) => {
        const answer = await search({ ...toSearchRequest(args), principal });
        return {
          results: answer.results.map(({ path, kind, description, effect, signature, score }) => ({
            path,
            ...(kind === undefined ? {} : { kind }),
            description,
            effect,
            signature,
            score,
          })),
          total: answer.total,
          truncated: answer.truncated,
        };
      },
    ],
    ["describe", async ({ args, principal }) => describe(toPath(args), { principal })],
  ]);
}

/** `codemode.search("words")`, `codemode.search("words", { limit })` or `codemode.search({ query, … })`. */
function toSearchRequest([first, second]: readonly Value[]): SearchRequest {
  const options = { ...asRecord(first), ...asRecord(second) };
  const query = typeof first === "string" ? first : options["query"];
  if (typeof query !== "string") {
    throw new CodemodeError("usage", "codemode.search takes a query.", {
      hint: 'Call it as codemode.search("words") or codemode.search({ query: "words", source, limit, detail }).',
    });
  }
  const { source, limit, detail } = options;
  return {
    query,
    ...(typeof source === "string" ? { source } : {}),
    ...(typeof limit === "number" ? { limit } : {}),
    ...(detail === "names" || detail === "signatures" || detail === "full" ? { detail } : {}),
  };
}

function asRecord(value: Value): { readonly [key: string]: Value } {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
    ? (value as { [key: string]: Value })
    : {};
}

function toPath([first]: readonly Value[]): string {
  const path = typeof first === "string" ? first : asRecord(first)["path"];
  if (typeof path === "string") return path.replace(/^tools\./, "");
  throw new CodemodeError("usage", "codemode.describe takes a path.", {
    hint: 'Call it as codemode.describe("github.issues.create").',
  });
}
