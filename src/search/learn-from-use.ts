/**
 * Notes which tools a principal calls after a search, and keeps that between starts. What is made of it is
 * the use memory's matter.
 */
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Json } from "../spec/value.ts";
import { createUseMemory, type UseMemory } from "./create-use-memory.ts";

export interface UseLearning {
  readonly memory: UseMemory;
  readonly searched: (principal: string, query: string) => void;
  readonly called: (principal: string, path: string) => void;
  /** Writes what was learned, where there is a file for it. */
  keep(): Promise<void>;
}

/** A call later than this after a search has nothing to do with it. */
const relatedMs = 10 * 60_000;
const mostPrincipals = 200;

/** `file` holds what was learned before; one that is missing or damaged counts as nothing learned. */
export function createUseLearning(file?: string): UseLearning {
  const memory = createUseMemory({ state: readState(file) });
  const last = new Map<string, { readonly query: string; readonly at: number }>();
  return {
    memory,
    searched(principal, query) {
      last.delete(principal);
      last.set(principal, { query, at: Date.now() });
      const [oldest] = last.keys();
      if (last.size > mostPrincipals && oldest !== undefined) last.delete(oldest);
    },
    called(principal, path) {
      const search = last.get(principal);
      if (search !== undefined && Date.now() - search.at < relatedMs)
        memory.note({ principal, query: search.query, path });
    },
    async keep() {
      if (file === undefined) return;
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(file, JSON.stringify(memory.state()), { mode: 0o600 });
    },
  };
}

function readState(file: string | undefined): Json {
  if (file === undefined) return null;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Json;
  } catch {
    return null;
  }
}
