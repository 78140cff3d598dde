/**
 * Many calls with care: a few at a time, again when they fail, page after page.
 */

/** `work` of every item, at most `limit` at once, answers in the order of the items. The first failure ends it. */
export async function mapLimit<T, R>(
  items: Iterable<T>,
  limit: number,
  work: (item: T, index: number) => R | Promise<R>,
): Promise<R[]> {
  if (!(limit >= 1)) throw new RangeError("mapLimit takes a limit of at least 1.");
  const list = [...items];
  const answers: R[] = Array.from({ length: list.length });
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < list.length && !failed) {
      const index = next;
      next += 1;
      try {
        answers[index] = await work(list[index] as T, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, list.length) }, worker));
  return answers;
}

export interface RetryOptions {
  /** Attempts in total. Default 3. */
  attempts?: number;
  /** Milliseconds before the second attempt; each later wait is `factor` times as long. Default 200. */
  delayMs?: number;
  /** Default 2. */
  factor?: number;
  /** Whether this failure is worth another attempt. Default: any is, but for wrong arguments and denied calls. */
  retryIf?: (error: unknown, attempt: number) => boolean;
}

/** What `work` answers at last; the last failure when every attempt fails. Do not retry writes that may have happened. */
export async function retry<T>(
  work: (attempt: number) => T | Promise<T>,
  { attempts = 3, delayMs = 200, factor = 2, retryIf = isWorthwhile }: RetryOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= attempts || !retryIf(error, attempt)) throw error;
    }
    await new Promise<void>((resolve) => {
      setTimeout(resolve, delayMs * factor ** (attempt - 1));
    });
  }
}

const final = new Set([
  "tool_not_found",
  "tool_arguments_invalid",
  "call_denied",
  "approval_rejected",
  "call_limit",
  "write_in_doubt",
  "value_unsupported",
  "value_too_large",
]);

function isWorthwhile(error: unknown): boolean {
  const code: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "code") : undefined;
  return typeof code !== "string" || !final.has(code);
}

export interface Page<T, C> {
  readonly items: readonly T[];
  /** Where the next page begins; nothing, or an empty text, after the last. */
  readonly next?: C | null | undefined;
}

export interface PaginateOptions {
  /** Default 100. */
  maxPages?: number;
  /** Default: as many as there are. */
  maxItems?: number;
}

/** The items of every page: `fetchPage` is called with nothing, then with each page's `next`. */
export async function paginate<T, C>(
  fetchPage: (cursor: C | undefined, page: number) => Promise<Page<T, C>>,
  { maxPages = 100, maxItems = Infinity }: PaginateOptions = {},
): Promise<T[]> {
  const all: T[] = [];
  let cursor: C | undefined;
  for (let page = 1; page <= maxPages && all.length < maxItems; page += 1) {
    const { items, next } = await fetchPage(cursor, page);
    for (const item of items) all.push(item);
    if (next === undefined || next === null || next === "") break;
    cursor = next;
  }
  return all.length > maxItems ? all.slice(0, maxItems) : all;
}
