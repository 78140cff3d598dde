/**
 * A SQLite database as the statements that make it again, for fixtures that a reader can compare.
 */
import { DatabaseSync } from "node:sqlite";

export function dumpDatabase(path: string): string {
  const database = new DatabaseSync(path, { readOnly: true });
  const made = database.prepare("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").all();
  const lines = made.map((each) => `${String(each["sql"])};`);
  for (const { name } of made.filter((each) => each["type"] === "table")) {
    const rows = database.prepare(`SELECT * FROM ${String(name)}`).all();
    for (const row of rows)
      lines.push(
        `INSERT INTO ${String(name)} (${Object.keys(row).join(", ")}) VALUES (${Object.values(row).map(toLiteral).join(", ")});`,
      );
  }
  const { user_version: form } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  database.close();
  return `${lines.join("\n")}\nPRAGMA user_version = ${form};\n`;
}

function toLiteral(value: unknown): string {
  return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value).toUpperCase();
}
