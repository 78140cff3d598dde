/**
 * Large outcomes, kept once under their hash however many calls had them, so that the rows that lists are
 * made of stay small.
 */
import { createHash } from "node:crypto";
import type { StatementSync } from "node:sqlite";

/** Characters above which an outcome is kept apart from its row. */
const large = 16 * 1024;

export interface Contents {
  /** Keeps a large text and answers with its hash; `undefined` for one that its row keeps itself. */
  keep(text: string | undefined): string | undefined;
  /** Notes in the run's row how much it takes, for a retention by bytes. */
  weigh(runId: string): void;
  /** Removes what no row refers to any more. */
  sweep(): void;
}

export function createContents(sql: (text: string) => StatementSync): Contents {
  return {
    keep(text) {
      if (text === undefined || text.length <= large) return undefined;
      const hash = createHash("sha256").update(text).digest("hex");
      sql("INSERT OR IGNORE INTO contents (hash, body) VALUES (?, ?)").run(hash, text);
      return hash;
    },
    weigh(runId) {
      const body = "coalesce((SELECT length(body) FROM contents WHERE hash = content), 0)";
      sql(
        `UPDATE runs SET bytes = length(code) + coalesce(length(outcome), 0) + ${body}
           + coalesce((SELECT sum(length(args) + coalesce(length(outcome), 0) + ${body}) FROM calls WHERE run_id = ?1), 0)
         WHERE run_id = ?1`,
      ).run(runId);
    },
    sweep() {
      sql(
        `DELETE FROM contents WHERE NOT EXISTS (SELECT 1 FROM calls WHERE content = hash)
           AND NOT EXISTS (SELECT 1 FROM runs WHERE content = hash)`,
      ).run();
    },
  };
}
