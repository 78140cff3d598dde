/**
 * The saved snippets that one session of a run has at hand: their texts as modules of the guest, and the answer to
 * `codemode.run(name, input)`, which is a call of the run like any other. What was called in an earlier session keeps
 * the version that it had there, so that a replay runs the same text.
 */
import { CodemodeError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import type { CallRow } from "../../spec/journal.ts";
import type { Limits } from "../../spec/limits.ts";
import type { Catalog } from "../../spec/tool.ts";
import type { Value } from "../../spec/value.ts";
import type { SavedSnippet, SnippetStore, Workspace } from "../../spec/workspace.ts";
import type { BuiltinCall, Builtins } from "../call-builtin.ts";
import { textToAnswer, textToValue } from "../value-text.ts";
import { checkInput } from "./check-input.ts";
import { chooseSnippets, mayRunSaved } from "./choose-snippets.ts";
import { refuseChangedTools } from "./refuse-changed-tools.ts";

export interface LoadOptions {
  readonly store: SnippetStore;
  readonly workspace: Workspace;
  readonly code: string;
  readonly recorded: readonly CallRow[];
  readonly limits: Pick<Limits, "calls">;
}

export class LoadedSnippets {
  readonly #loaded: ReadonlyMap<string, SavedSnippet>;
  readonly #options: LoadOptions;
  readonly #used: Set<string>;
  #calls: number;

  private constructor(loaded: ReadonlyMap<string, SavedSnippet>, pins: readonly Pin[], options: LoadOptions) {
    this.#loaded = loaded;
    this.#options = options;
    this.#used = new Set(pins.map(({ name }) => name));
    this.#calls = pins.length;
  }

  /** Throws `run_unresumable` when a version that the run has called is gone. */
  static async load(options: LoadOptions): Promise<LoadedSnippets> {
    const { store, workspace, code, recorded } = options;
    if (!mayRunSaved(code)) return new LoadedSnippets(new Map(), [], options);
    const accepted = (await store.list(workspace)).filter((each) => each.status === "accepted");
    const pins = pinsOf(recorded);
    const pinned = new Map<string, SavedSnippet>();
    for (const pin of pins)
      if (!pinned.has(pin.name)) pinned.set(pin.name, await findPinned(store, workspace, pin));
    const known = new Map([...accepted.map((each) => [each.name, each] as const), ...pinned]);
    const chosen = chooseSnippets(code, [...known.values()]);
    const loaded = new Map([...chosen.map((each) => [each.name, each] as const), ...pinned]);
    return new LoadedSnippets(loaded, pins, options);
  }

  get snippets(): readonly SavedSnippet[] {
    return [...this.#loaded.values()];
  }

  /** Names of those that the run has called. */
  get used(): readonly string[] {
    return [...this.#used];
  }

  builtins(catalog: Catalog): Builtins {
    return new Map([["run", (call: BuiltinCall) => this.#answer(call, catalog)]]);
  }

  /** What the guest is told is which text it runs; it has the text already. */
  async #answer({ args: [name, input] }: BuiltinCall, catalog: Catalog): Promise<Value> {
    if (typeof name !== "string")
      throw new CodemodeError("usage", "codemode.run takes the name of a saved snippet and its input.", {
        hint: 'Call it as codemode.run("name", { … }).',
      });
    const snippet = this.#loaded.get(name);
    if (snippet === undefined) throw await this.#notFound(name);
    this.#calls += 1;
    if (this.#calls > this.#options.limits.calls)
      throw new CodemodeError(
        "call_limit",
        `A run may call saved snippets ${this.#options.limits.calls} times, those within each other included.`,
        { hint: "A saved snippet that calls itself needs an end." },
      );
    refuseChangedTools(snippet, catalog);
    checkInput(snippet, input);
    this.#used.add(name);
    return { version: snippet.version, hash: snippet.hash };
  }

  async #notFound(name: string): Promise<CodemodeError> {
    const { store, workspace } = this.#options;
    const there = (await store.list(workspace)).filter((each) => each.status === "accepted");
    const shown = JSON.stringify(name.slice(0, 100));
    if (there.some((each) => each.name === name))
      return new CodemodeError("saved_snippet_not_found", `The saved snippet ${shown} is not loaded.`, {
        hint: `Write its name as it is: codemode.run(${shown}, …).`,
      });
    const near = nearest(
      name.slice(0, 100),
      there.map((each) => each.name),
    );
    return new CodemodeError("saved_snippet_not_found", `There is no saved snippet ${shown}.`, {
      hint:
        near.length > 0
          ? `Did you mean ${near.join(" or ")}?`
          : 'Find saved snippets with codemode.search("what it does").',
    });
  }
}

interface Pin {
  readonly name: string;
  readonly version: number;
  readonly hash: string;
}

function pinsOf(recorded: readonly CallRow[]): Pin[] {
  return recorded.flatMap(({ kind, path, args, outcome, delivered }) => {
    if (kind !== "builtin" || path !== "run" || delivered === undefined || outcome === undefined) return [];
    const answer = textToAnswer(outcome);
    const [name] = textToValue(args) as Value[];
    if (!answer.ok || typeof name !== "string") return [];
    const { version, hash } = answer.value as { version: number; hash: string };
    return [{ name, version, hash }];
  });
}

async function findPinned(
  store: SnippetStore,
  workspace: Workspace,
  { name, version, hash }: Pin,
): Promise<SavedSnippet> {
  const found = await store.find(workspace, name, { version });
  if (found?.hash === hash) return found;
  throw new CodemodeError(
    "run_unresumable",
    `Version ${version} of the saved snippet "${name}", which the run has called, is not there any more.`,
    { hint: "Start a new run; the record lists what this one has done." },
  );
}
