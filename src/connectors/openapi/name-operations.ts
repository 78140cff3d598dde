/**
 * Gives every operation of a document its name: nested segments a person would have chosen, from its
 * operationId and tag, or from method and path where there is no id. A name depends on the operation itself
 * and on the document's habits, so that adding operations renames others only where they collide.
 */
import { createGroups, type GroupOf } from "./group-from-tag.ts";
import {
  nameFromPath,
  type PathSurroundings,
  staticSegments,
  surroundingsOf,
  verbs,
} from "./name-from-path.ts";
import { separateNames } from "./separate-names.ts";
import { shortenName } from "./shorten-name.ts";
import { splitWords, stem, toCamel, withoutArticles } from "./words.ts";

export interface NamedOperation {
  readonly operationId?: string;
  readonly method: string;
  readonly path: string;
  readonly tags: readonly string[];
  readonly answersList: boolean;
}

/** The preferred name, and a longer one for when two operations prefer the same. */
export interface NameChoice {
  readonly short: readonly string[];
  readonly long: readonly string[];
}

/** What the document as a whole does with its names. */
interface Habits {
  readonly groupOf: GroupOf;
  readonly around: PathSurroundings;
  /** Underscores separate the parts of an id (`apps_cancel_deployment`) rather than words. */
  readonly underscoresNest: boolean;
  /** Most ids are generated from method and path. */
  readonly idsArePaths: boolean;
  /** Leading parts that every nested id has, such as the API's own name. */
  readonly sharedParts: number;
}

/** Names in the order of `operations`: unique, and none is also the group of another. */
export function nameOperations(
  operations: readonly NamedOperation[],
  tagParents: ReadonlyMap<string, string> = new Map(),
): string[][] {
  const habits = habitsOf(operations, tagParents);
  return separateNames(
    operations.map((operation) => ({ ...operation, choice: chooseName(operation, habits) })),
  );
}

function habitsOf(operations: readonly NamedOperation[], tagParents: ReadonlyMap<string, string>): Habits {
  const ids = operations.flatMap(({ operationId }) => operationId ?? []);
  const withUnderscore = ids.filter((id) => /[^_]_[^_]/.test(id) && !verbs.has(firstPart(id)));
  const nested = ids.filter((id) => /[^./][./][^./]/.test(id)).map((id) => id.split(/[./]/));
  const first = nested[0]?.[0];
  const allShareFirst = nested.length > 1 && nested.every((parts) => parts[0] === first && parts.length > 2);
  return {
    groupOf: createGroups(operations, tagParents),
    around: surroundingsOf(operations),
    // Parts that are camelCase themselves show that the underscore is not what separates words.
    underscoresNest:
      withUnderscore.length > ids.length / 2 && withUnderscore.some((id) => /[a-z][A-Z]/.test(id)),
    idsArePaths: operations.filter((one) => isPath(one.operationId ?? "", one)).length > ids.length / 2,
    sharedParts: allShareFirst ? 1 : 0,
  };
}

function firstPart(id: string): string {
  return (id.split("_")[0] ?? "").toLowerCase();
}

function chooseName(operation: NamedOperation, habits: Habits): NameChoice {
  const id = withoutPath(operation, habits);
  if (id === undefined) {
    const name = nameFromPath(operation, habits.around);
    return { short: name, long: withParameters(name, operation.path) };
  }
  const parts = id.split(/[./]/).filter((part) => splitWords(part).length > 0);
  if (parts.length > 1) return fromParts(parts.slice(habits.sharedParts));
  const tag = operation.tags[0];
  const group = tag === undefined ? undefined : habits.groupOf(tag);
  if (habits.underscoresNest && /[^_]_[^_]/.test(id)) return fromUnderscores(id, group ?? []);
  if (group === undefined) return fromFlatId(id);
  return shortenName(splitWords(id), { group, answersList: operation.answersList });
}

/**
 * The id, without the path and method that some generators append to it; `undefined` when it is nothing but
 * those, or missing.
 */
function withoutPath({ operationId, method, path }: NamedOperation, habits: Habits): string | undefined {
  if (operationId === undefined || splitWords(operationId).length === 0) return undefined;
  // `getGroup` at `/group` may as well have been written by a person.
  if (
    (habits.idsArePaths || unversioned(path).split("/").length > 2) &&
    isPath(operationId, { method, path })
  )
    return undefined;
  // FastAPI: `read_item_items__item_id__get`.
  const appended = `${path.replaceAll(/\W/g, "_")}_${method.toLowerCase()}`;
  if (operationId.endsWith(appended) && operationId.length > appended.length) {
    return operationId.slice(0, -appended.length);
  }
  return operationId;
}

/** The id says nothing but method and path, with or without the version. */
function isPath(operationId: string, { method, path }: { method: string; path: string }): boolean {
  const id = compact(operationId);
  const verb = method.toLowerCase();
  return [compact(path), compact(unversioned(path))].some(
    (route) => id === verb + route || id === route + verb,
  );
}

function unversioned(path: string): string {
  return path.replace(/^(?:\/(?:api|rest|v?\d[\w.-]*))+(?=\/)/i, "");
}

function compact(text: string): string {
  return splitWords(text).join("").toLowerCase().replaceAll("by", "");
}

/** `issues/list-for-repo`, `files.permissions.list`. */
function fromParts(parts: readonly string[]): NameChoice {
  const name = parts
    .map((part) => toCamel(withoutArticles(splitWords(part))))
    .filter((segment) => segment !== "");
  return { short: name, long: name };
}

/** `apps_cancel_deployment` with the tag `Apps`: as many parts as the tag has are the group. */
function fromUnderscores(id: string, group: readonly (readonly string[])[]): NameChoice {
  const parts = id
    .split("_")
    .map(splitWords)
    .filter((words) => words.length > 0);
  if (parts.length < 2) return fromFlatId(id);
  const tagStems = group.flat().map(stem);
  let grouped = 1;
  for (let length = parts.length - 1; length > 0; length -= 1) {
    const stems = parts.slice(0, length).flat().map(stem);
    if (stems.length !== tagStems.length || stems.some((one, index) => one !== tagStems[index])) continue;
    grouped = length;
    break;
  }
  const groups = parts.slice(0, grouped).map((words) => toCamel(withoutController(words)));
  const name = [...groups, toCamel(parts.slice(grouped).flat())];
  return { short: name, long: name };
}

/** NestJS and ASP.NET put the class there: `UsersController_findAll`. */
function withoutController(words: readonly string[]): readonly string[] {
  return words.length > 1 && words.at(-1) === "Controller" ? words.slice(0, -1) : words;
}

function fromFlatId(id: string): NameChoice {
  const parts = id.split("_").filter((part) => splitWords(part).length > 0);
  const [first = "", ...rest] = parts;
  const nests = parts.length > 1 && /[a-z][A-Z]/.test(id) && !verbs.has(first.toLowerCase());
  if (nests)
    return fromParts(
      [toCamel(withoutController(splitWords(first))), rest.join("_")].filter((part) => part !== ""),
    );
  const name = [toCamel(splitWords(id))];
  return { short: name, long: name };
}

/** `users.get` → `users.getByTeamAndName`, for paths that differ in their parameters only. */
function withParameters(name: readonly string[], path: string): string[] {
  const parameters = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, parameter]) => splitWords(parameter ?? ""));
  const last = name.at(-1) ?? "";
  if (parameters.length === 0) return [...name.slice(0, -1), `${last}${toSuffix(path)}`];
  const by = parameters.flatMap((words, index) => (index === 0 ? ["by", ...words] : ["and", ...words]));
  return [...name.slice(0, -1), toCamel([last, ...by])];
}

/** Whatever of the path the short name leaves out: its version. */
function toSuffix(path: string): string {
  const version = /\/(v\d+)(?=\/|$)/i.exec(path)?.[1];
  return version === undefined || staticSegments(path).length === 0 ? "" : version.toUpperCase();
}
