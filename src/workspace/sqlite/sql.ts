/**
 * Statements prepared once each.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";

export type Sql = (text: string) => StatementSync;

export function createSql(database: DatabaseSync): Sql {
  const prepared = new Map<string, StatementSync>();
  return (text) => {
    const statement = prepared.get(text) ?? database.prepare(text);
    prepared.set(text, statement);
    return statement;
  };
}
