/**
 * Turns "present and perhaps undefined", as zod infers optional keys, into "absent or defined".
 */

export type Defined<T> = { [key in keyof T]: Exclude<T[key], undefined> };

export function withoutUndefined<T extends object>(value: T): Defined<T>;
export function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
