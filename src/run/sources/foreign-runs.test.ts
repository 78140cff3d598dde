/**
 * A run belongs to its sources: two real servers of the same API, and hosts that share one store and mean one of them
 * each. What one was asked about never goes to the other.
 */
import { expect, it, onTestFinished } from "vitest";
import { createCodemode } from "../../codemode.ts";
import type { CodemodeOptions } from "../../codemode-options.ts";
import { createOpenApiSource } from "../../connectors/openapi/create-openapi-source.ts";
import { createFunctionsSource } from "../../connectors/functions/create-functions-source.ts";
import { createMemoryJournal, createMemoryStore } from "../../journal/memory/create-memory-journal.ts";
import { createQuickJsEngine } from "../../sandbox/quickjs/create-quickjs-engine.ts";
import { createMemoryWorkspace } from "../../workspace/memory/create-memory-workspace.ts";
import type { Codemode } from "../../spec/codemode.ts";
import type { PolicyPreset } from "../../spec/policy.ts";
import { petsDocument } from "../../../test/fixtures/openapi/pets.ts";
import {
  startRecordingServer,
  type RecordingServer,
} from "../../../test/fixtures/openapi/recording-server.ts";

interface World {
  readonly production: RecordingServer;
  readonly staging: RecordingServer;
  readonly store: ReturnType<typeof createMemoryStore>;
  /** A host that means this server by `pets`. */
  readonly open: (server: RecordingServer | undefined, options?: Partial<CodemodeOptions>) => Codemode;
}

async function createWorld(): Promise<World> {
  const answer = (): { body: string } => ({ body: '{"id":"p1"}' });
  const [production, staging] = [await startRecordingServer(answer), await startRecordingServer(answer)];
  onTestFinished(() => production[Symbol.asyncDispose]());
  onTestFinished(() => staging[Symbol.asyncDispose]());
  const store = createMemoryStore();
  return {
    production,
    staging,
    store,
    open: (server, options = {}) => {
      const pets =
        server && createOpenApiSource("pets", { spec: petsDocument(), baseUrl: `${server.origin}/v1` });
      const codemode = createCodemode({
        sources: pets === undefined ? [] : [pets],
        engine: createQuickJsEngine({ prewarm: 1 }),
        check: "off",
        journal: createMemoryJournal(store),
        ...options,
      });
      onTestFinished(() => codemode.close());
      return codemode;
    },
  };
}

/** Writes that have reached the server. */
const writes = ({ requests }: RecordingServer): string[] =>
  requests.filter(({ method }) => method !== "GET").map(({ method }) => method);

const create = "await tools.pets.get({}); return await tools.pets.post({})";

async function paused(codemode: Codemode, code = create): Promise<string> {
  const { document } = await codemode.execute({ code });
  expect(document.status, JSON.stringify(document.error)).toBe("paused");
  return document.runId;
}

const foreign = ({ production, staging }: World, runId: string): object => ({
  code: "run_foreign",
  message: expect.stringContaining(
    `pets: baseUrl was "${production.origin}/v1" and is "${staging.origin}/v1" here`,
  ) as string,
  hint: expect.stringContaining(`codemode resume ${runId} --accept-source pets`) as string,
  data: { runId },
});

it.each<[string, (codemode: Codemode, runId: string) => Promise<unknown>]>([
  ["approved", (codemode, runId) => codemode.answer({ runId, approve: true })],
  ["rejected", (codemode, runId) => codemode.answer({ runId, approve: false })],
  ["rejected and ended", (codemode, runId) => codemode.answer({ runId, approve: false, stop: true })],
])("is not %s where its source is another one, and waits as it is", async (_, answer) => {
  const world = await createWorld();
  const runId = await paused(world.open(world.production));
  const other = world.open(world.staging);
  await expect(answer(other, runId)).rejects.toMatchObject(foreign(world, runId));
  const asked = await other.questions({ runId });
  expect([asked.questions.length, (await other.show({ runId })).status]).toEqual([1, "paused"]);
  const home = world.open(world.production);
  await home.answer({ runId, approve: true });
  expect((await home.resume({ runId })).document).toMatchObject({
    status: "completed",
    result: { id: "p1" },
  });
  expect([writes(world.production), writes(world.staging)]).toEqual([["POST"], []]);
});

it("is not continued there, though it was answered where it belongs", async () => {
  const world = await createWorld();
  const home = world.open(world.production);
  const runId = await paused(home);
  await home.answer({ runId, approve: true });
  const other = world.open(world.staging);
  await expect(other.resume({ runId })).rejects.toMatchObject(foreign(world, runId));
  expect((await other.show({ runId })).status).toBe("paused");
  expect((await home.resume({ runId })).document.status).toBe("completed");
  expect([writes(world.production), writes(world.staging)]).toEqual([["POST"], []]);
});

it("is refused where there is no such source, and not ended by that", async () => {
  const world = await createWorld();
  const home = world.open(world.production);
  const runId = await paused(home);
  const unrelated = world.open(undefined, {
    sources: [createFunctionsSource("other", { f: { run: () => 1 } })],
  });
  const refusal = { code: "run_foreign", message: expect.stringContaining('no source "pets"') as string };
  await expect(unrelated.answer({ runId, approve: true })).rejects.toMatchObject(refusal);
  await expect(unrelated.resume({ runId, acceptSources: ["pets"] })).rejects.toMatchObject({ code: "usage" });
  expect((await unrelated.show({ runId })).status).toBe("paused");
  await home.answer({ runId, approve: true });
  expect((await home.resume({ runId })).document.status).toBe("completed");
});

it.each([
  ["has used its source", create],
  ["has only named it", "return tools.pets === undefined"],
])("is adopted by nobody else after its host has died, when it %s", async (_, code) => {
  const world = await createWorld();
  const home = world.open(world.production);
  const { runId } = (await home.execute({ code })).document;
  // As a host leaves it that dies in the middle.
  const stored = world.store.runs.get(runId);
  if (stored === undefined) throw new Error("There is no run.");
  stored.row = { ...stored.row, status: "running" };
  stored.approvals.clear();
  await home.close();
  const unrelated = world.open(undefined);
  expect([await unrelated.recover(), stored.row.status]).toEqual([0, "running"]);
  const other = world.open(world.staging);
  expect([await other.recover(), stored.row.status]).toEqual([0, "running"]);
  const again = world.open(world.production);
  expect(await again.recover()).toBe(1);
  expect(stored.row.status).toBe(code === create ? "paused" : "completed");
  expect(writes(world.staging)).toEqual([]);
});

it("goes on with the other source once a person has said that it is meant, and says so once", async () => {
  const world = await createWorld();
  const runId = await paused(world.open(world.production));
  const moved = world.open(world.staging);
  const accepted = await moved.resume({ runId, acceptSources: ["pets"] });
  expect(accepted.document.status).toBe("paused");
  await moved.answer({ runId, approve: true });
  expect((await moved.resume({ runId })).document.status).toBe("completed");
  expect([writes(world.production), writes(world.staging)]).toEqual([[], ["POST"]]);
  // From then on it belongs there.
  await expect(world.open(world.production).rollback({ runId })).rejects.toMatchObject({
    code: "run_foreign",
  });
});

it("accepts only what the run has used", async () => {
  const world = await createWorld();
  const home = world.open(world.production);
  const runId = await paused(home);
  await expect(home.resume({ runId, acceptSources: ["crm"] })).rejects.toMatchObject({
    code: "usage",
    hint: expect.stringContaining("pets") as string,
  });
});

it("is rolled back only where it was written", async () => {
  const world = await createWorld();
  const rules = {
    overrides: { pets: { undo: { post: { tool: "delete_", args: {} } } } },
    policy: "allow-all",
  } as const;
  const home = world.open(world.production, rules);
  const { runId } = (await home.execute({ code: create })).document;
  const other = world.open(world.staging, rules);
  await expect(other.rollback({ runId })).rejects.toMatchObject(foreign(world, runId));
  expect(writes(world.staging)).toEqual([]);
  // A rollback that waits for a person belongs where its run does.
  const asking = { ...rules, policy: "ask-writes" } as const;
  const begun = await world.open(world.production, asking).rollback({ runId });
  expect(begun.document.status).toBe("paused");
  const undo = begun.document.runId;
  await expect(
    world.open(world.staging, asking).answer({ runId: undo, approve: true }),
  ).rejects.toMatchObject({
    code: "run_foreign",
  });
  await home.answer({ runId: undo, approve: true });
  expect((await home.resume({ runId: undo })).document.status).toBe("completed");
  expect([writes(world.production), writes(world.staging)]).toEqual([["POST", "DELETE"], []]);
});

it("belongs to the sources of the saved snippets that it runs", async () => {
  const world = await createWorld();
  const workspaces = createMemoryWorkspace();
  const home = world.open(world.production, { workspaces });
  await home.snippets.save({
    name: "add",
    description: "Adds.",
    code: "export default async () => tools.pets.post({})",
  });
  const runId = await paused(home, 'return await codemode.run("add")');
  const other = world.open(world.staging, { workspaces });
  await expect(other.answer({ runId, approve: true })).rejects.toMatchObject(foreign(world, runId));
});

it("belongs to them when it goes on by itself", async () => {
  const world = await createWorld();
  const home = world.open(world.production);
  const { runId } = (await home.execute({ code: create, detach: true })).document;
  await home.resume({ runId });
  await expect(world.open(world.staging).answer({ runId, approve: true })).rejects.toMatchObject(
    foreign(world, runId),
  );
});

it("is left as it is on another engine, and its approval is not spent", async () => {
  const world = await createWorld();
  const runId = await paused(world.open(world.production));
  const engine = createQuickJsEngine({ prewarm: 1 });
  const newer = { ...engine, ready: async () => ({ ...(await engine.ready()), build: "quickjs@later" }) };
  const other = world.open(world.production, { engine: newer });
  const refusal = { code: "run_unresumable" };
  await expect(other.answer({ runId, approve: true })).rejects.toMatchObject(refusal);
  expect(await other.questions({ runId })).toMatchObject({ questions: [{ path: "pets.post" }] });
  const home = world.open(world.production);
  await home.answer({ runId, approve: true });
  await expect(other.resume({ runId })).rejects.toMatchObject(refusal);
  expect((await home.resume({ runId })).document.status).toBe("completed");
});

it.each<[string, PolicyPreset, string[], unknown]>([
  ["denied by now is not sent", "read-only", [], "call_denied"],
  ["still asked about is sent", "ask-writes", ["POST"], { id: "p1" }],
  ["allowed by now is sent", "allow-all", ["POST"], { id: "p1" }],
])("by the present policy: an approved call that is %s", async (_, policy, sent, result) => {
  const world = await createWorld();
  const home = world.open(world.production);
  const runId = await paused(home, "return await tools.pets.post({}).catch((error) => error.code)");
  await home.answer({ runId, approve: true });
  await home.close();
  const { document } = await world.open(world.production, { policy }).resume({ runId });
  expect(document).toMatchObject({ status: "completed", result });
  expect(writes(world.production)).toEqual(sent);
});

it("by the present policy: a call in doubt that is denied by now is not sent again", async () => {
  const world = await createWorld();
  const home = world.open(world.production, { policy: "allow-all" });
  const code = "return await tools.pets.post({}).catch((error) => error.code)";
  const { runId } = (await home.execute({ code })).document;
  const stored = world.store.runs.get(runId);
  const call = stored?.calls.get(1);
  if (stored === undefined || call === undefined) throw new Error("There is no call.");
  const { outcome: _outcome, delivered: _delivered, ...begun } = call;
  stored.calls.set(1, { ...begun, state: "started" });
  stored.row = { ...stored.row, status: "running" };
  await home.close();
  const stricter = world.open(world.production, { policy: "read-only" });
  expect((await stricter.resume({ runId })).document.pending).toMatchObject([{ kind: "in_doubt" }]);
  await stricter.answer({ runId, approve: false, resend: true });
  expect((await stricter.resume({ runId })).document).toMatchObject({
    status: "completed",
    result: "call_denied",
  });
  expect(writes(world.production)).toEqual(["POST"]);
});
