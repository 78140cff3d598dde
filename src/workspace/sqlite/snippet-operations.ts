/**
 * What the workspace's thread does with the tables of saved snippets. Runs inside a transaction that somebody else
 * opens and commits.
 */
import type { ListedSnippet, SavedSnippet, SnippetToSave, Workspace } from "../../spec/workspace.ts";
import type { Sql } from "./sql.ts";

type Row = Readonly<Record<string, unknown>>;
type Which = { readonly version: number } | { readonly status: SavedSnippet["status"] };

export interface SnippetOperations {
  snippetSave(workspace: Workspace, draft: SnippetToSave): SavedSnippet;
  snippetFind(workspace: Workspace, name: string, which: Which): SavedSnippet | undefined;
  snippetList(workspace: Workspace): ListedSnippet[];
  snippetAccept(workspace: Workspace, name: string, hash: string): SavedSnippet | undefined;
  snippetRemove(workspace: Workspace, name: string, which: "all" | "proposals"): boolean;
  snippetUsed(workspace: Workspace, use: { readonly names: readonly string[]; readonly ok: boolean }): void;
}

const own = "principal = ? AND workspace = ? AND name = ?";

export function createSnippetOperations(sql: Sql): SnippetOperations {
  function newest({ principal, name: workspace }: Workspace, name: string): SavedSnippet | undefined {
    const row = sql(`SELECT * FROM snippets WHERE ${own} ORDER BY version DESC LIMIT 1`).get(
      principal,
      workspace,
      name,
    );
    return row === undefined ? undefined : rowToSnippet(row);
  }

  function find(
    { principal, name: workspace }: Workspace,
    name: string,
    which: Which,
  ): SavedSnippet | undefined {
    const column = "version" in which ? "version" : "status";
    const row = sql(
      `SELECT * FROM snippets WHERE ${own} AND ${column} = ? ORDER BY version DESC LIMIT 1`,
    ).get(principal, workspace, name, "version" in which ? which.version : which.status);
    return row === undefined ? undefined : rowToSnippet(row);
  }

  return {
    snippetSave(workspace, draft) {
      const known = newest(workspace, draft.name);
      if (known?.hash === draft.hash && known.status === draft.status) return known;
      const { name, status, description, code, input, tools, hash } = draft;
      const version = Math.max((known?.version ?? 0) + 1, draft.version ?? 1);
      const createdAt = Date.now();
      sql("INSERT INTO snippets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").run(
        workspace.principal,
        workspace.name,
        name,
        version,
        status,
        description,
        code,
        input === undefined ? null : JSON.stringify(input),
        JSON.stringify(tools),
        hash,
        createdAt,
      );
      return { ...draft, version, createdAt };
    },

    snippetFind: find,

    snippetList({ principal, name: workspace }) {
      const rows = sql(
        `SELECT s.*, u.runs, u.completed, u.last_used_at FROM snippets s
         LEFT JOIN snippet_uses u ON u.principal = s.principal AND u.workspace = s.workspace AND u.name = s.name
         WHERE s.principal = ? AND s.workspace = ? AND s.version = (SELECT max(version) FROM snippets o
           WHERE o.principal = s.principal AND o.workspace = s.workspace AND o.name = s.name AND o.status = s.status)
         ORDER BY s.name, s.version`,
      ).all(principal, workspace);
      const listed = rows.map((row) => ({ ...rowToSnippet(row), use: rowToUse(row) }));
      const accepted = new Map(
        listed.filter((each) => each.status === "accepted").map((each) => [each.name, each.version]),
      );
      return listed
        .filter((each) => each.status === "accepted" || each.version > (accepted.get(each.name) ?? 0))
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version - b.version));
    },

    snippetAccept(workspace, name, hash) {
      const proposed = find(workspace, name, { status: "proposed" });
      if (proposed?.hash !== hash) return undefined;
      sql(`UPDATE snippets SET status = 'accepted' WHERE ${own} AND version = ?`).run(
        workspace.principal,
        workspace.name,
        name,
        proposed.version,
      );
      return { ...proposed, status: "accepted" };
    },

    snippetRemove({ principal, name: workspace }, name, which) {
      const only = which === "all" ? "" : " AND status = 'proposed'";
      const removed = sql(`DELETE FROM snippets WHERE ${own}${only}`).run(principal, workspace, name);
      if (which === "all") sql(`DELETE FROM snippet_uses WHERE ${own}`).run(principal, workspace, name);
      return removed.changes > 0;
    },

    snippetUsed({ principal, name: workspace }, { names, ok }) {
      for (const name of names) {
        if (newest({ principal, name: workspace }, name) === undefined) continue;
        sql(
          `INSERT INTO snippet_uses VALUES (?, ?, ?, 1, ?, ?)
           ON CONFLICT DO UPDATE SET runs = runs + 1, completed = completed + excluded.completed, last_used_at = excluded.last_used_at`,
        ).run(principal, workspace, name, ok ? 1 : 0, Date.now());
      }
    },
  };
}

function rowToSnippet(row: Row): SavedSnippet {
  return {
    name: String(row["name"]),
    version: Number(row["version"]),
    status: row["status"] === "accepted" ? "accepted" : "proposed",
    description: String(row["description"]),
    code: String(row["code"]),
    ...(typeof row["input"] === "string" ? { input: JSON.parse(row["input"]) } : {}),
    tools: JSON.parse(String(row["tools"])),
    hash: String(row["hash"]),
    createdAt: Number(row["created_at"]),
  };
}

function rowToUse(row: Row): ListedSnippet["use"] {
  if (typeof row["runs"] !== "number") return { runs: 0, completed: 0 };
  return {
    runs: row["runs"],
    completed: Number(row["completed"]),
    lastUsedAt: Number(row["last_used_at"]),
  };
}
