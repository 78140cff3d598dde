/**
 * Names an operation by its method and path, where its document gives it no name of its own:
 * `GET /v1/customers/{id}/sources` is `customers.sources.list`.
 */
import { isPlural, splitWords, toCamel } from "./words.ts";

export interface PathNaming {
  readonly method: string;
  readonly path: string;
  /** The answer is a list, or an object around one. */
  readonly answersList: boolean;
}

export interface PathSurroundings {
  /** Methods of each path. */
  readonly methods: ReadonlyMap<string, ReadonlySet<string>>;
  /** Paths that have a child `/{parameter}`. */
  readonly collections: ReadonlySet<string>;
}

export function surroundingsOf(operations: Iterable<{ method: string; path: string }>): PathSurroundings {
  const methods = new Map<string, Set<string>>();
  const collections = new Set<string>();
  for (const { method, path } of operations) {
    const known = methods.get(path) ?? new Set();
    methods.set(path, known.add(method));
    const parent = /^(.*)\/\{[^/]*\}$/.exec(path)?.[1];
    if (parent !== undefined) collections.add(parent);
  }
  return { methods, collections };
}

/** Never empty; the last segment is what it does. */
export function nameFromPath(naming: PathNaming, around: PathSurroundings): string[] {
  const groups = staticSegments(naming.path).map(toCamel);
  const [action, replacesLast] = actionOf(naming, around);
  if (replacesLast && groups.length > 1) return groups;
  return [...groups, action];
}

/** The words of each segment that is no parameter, without version and `api` prefixes. */
export function staticSegments(path: string): string[][] {
  const segments = path
    .replaceAll(/\{[^{}]*\}/g, "")
    .replace(/\.(?:json|xml)$/i, "")
    .split("/")
    .map(splitWords)
    .filter((words) => words.length > 0);
  const first = segments.findIndex((words) => !isPrefix(words));
  return first === -1 ? segments.slice(-1) : segments.slice(first);
}

function isPrefix(words: readonly string[]): boolean {
  return (
    /^(?:api|rest|v?\d+|v\d+(?:alpha|beta)\d*|\d{4})$/i.test(words[0] ?? "") &&
    words.slice(1).every((word) => /^\d+$/.test(word))
  );
}

/** What the operation does, and whether the path's last segment already says so (`…/{id}/confirm`). */
function actionOf({ method, path, answersList }: PathNaming, around: PathSurroundings): [string, boolean] {
  const last = path.split("/").findLast((part) => part !== "") ?? "";
  const others = around.methods.get(path) ?? new Set();
  const endsWithParameter = /\{[^{}]*\}(?:\.\w+)?$/.test(last);
  const words = splitWords(last.replaceAll(/\{[^{}]*\}/g, ""));
  const isCollection = around.collections.has(path);
  const alone = others.size <= 1 && !endsWithParameter && !isCollection;
  const saysAction = alone && (verbs.has(words[0]?.toLowerCase() ?? "") || followsParameter(path));
  switch (method) {
    case "GET":
      if (endsWithParameter) return ["get", false];
      if (alone && verbs.has(words[0]?.toLowerCase() ?? "")) return ["get", true];
      return [isCollection || answersList ? "list" : "get", false];
    case "POST":
      if (endsWithParameter)
        return [others.has("GET") && !others.has("PUT") && !others.has("PATCH") ? "update" : "create", false];
      if (!isCollection && others.has("GET") && !isPlural(words.at(-1) ?? "")) return ["update", false];
      return ["create", saysAction && !isPlural(words.at(-1) ?? "")];
    case "PUT":
      return [others.has("PATCH") ? "replace" : "update", saysAction && !isPlural(words.at(-1) ?? "")];
    case "PATCH":
      return ["update", false];
    default:
      return [toCamel(splitWords(method.toLowerCase())), false];
  }
}

function followsParameter(path: string): boolean {
  return /\}\/[^/{}]+$/.test(path);
}

/** First words that say what an operation does. */
export const verbs: ReadonlySet<string> = new Set(
  (
    "abort accept acknowledge activate add all append apply approve archive assign attach authorize ban block " +
    "bulk calculate cancel capture change check clean clear clone close compare complete confirm connect convert " +
    "copy count create deactivate decline delete deny deploy destroy detach disable disconnect dismiss download " +
    "duplicate edit enable execute expire export fetch find finalize follow fork generate get grant import init " +
    "insert install invalidate invite invoke join kick leave link list load lock login logout mark merge migrate " +
    "modify move open patch pause ping post preview process promote publish purge put query read rebuild redeem " +
    "refresh refund register reject release remove rename renew reopen replace request reset resend resize resolve " +
    "restart restore resume retrieve retry return revert review revoke rollback rotate run save scan search select " +
    "send set share show sign simulate sort star start stop submit subscribe suspend sync terminate test toggle " +
    "track transfer trigger unarchive unassign unblock undelete unfollow uninstall unlink unlock unpublish unstar " +
    "unsubscribe unwatch update upgrade upload upsert validate verify view void watch write"
  ).split(" "),
);
