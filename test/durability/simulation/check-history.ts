/**
 * What must hold of every history: nothing that was acknowledged is lost, no write happens twice, and whatever
 * nobody can know is in doubt. Answers with what does not, in words.
 */
import { idOf, isEnded, type History } from "./simulate.ts";

export function checkHistory(history: History): string[] {
  return [
    ...checkEffects(history),
    ...checkAcknowledged(history),
    ...checkReplay(history),
    ...checkEnd(history),
  ];
}

function* checkEffects({ effects, calls }: History): Generator<string> {
  for (const [id, times] of effects) {
    if (times > 1) yield `write ${id} happened ${times} times`;
    const state = calls.find((call) => idOf(call) === id)?.state;
    if (state !== "done" && state !== "in_doubt") yield `write ${id} happened, its record says ${state}`;
  }
  for (const call of calls) {
    if (call.effect === undefined || call.effect === "read") continue;
    const happened = effects.has(idOf(call));
    if (call.state === "done" && !happened) yield `call ${call.seq} is recorded as done and never happened`;
    if (call.state === "started") yield `call ${call.seq} is recorded as under way after the run's end`;
  }
}

function* checkAcknowledged({ acknowledged, answers, calls, run }: History): Generator<string> {
  for (const { seq, outcome, delivered } of acknowledged) {
    const kept = calls.find((call) => call.seq === seq);
    if (kept?.outcome !== outcome || kept?.delivered !== delivered)
      yield `the outcome of call ${seq} was acknowledged as ${outcome} and is now ${kept?.outcome}`;
  }
  for (const { document, powerLost } of answers) {
    const { status, result, error, calls: told } = document;
    // The end of a run that only read does not wait for the disk: it may be lost with the power, and read anew.
    if (powerLost && told.every(({ effect }) => effect === "read")) continue;
    const kept = JSON.parse(run?.outcome ?? "{}") as { result?: unknown; error?: unknown };
    if (run?.status !== status) yield `the run was told to be ${status} and is ${run?.status}`;
    if (JSON.stringify([kept.result, kept.error]) !== JSON.stringify([result, error]))
      yield "the run was told to have another result than it has";
  }
}

/**
 * What the last session was given is what the record says, in the record's order. (Earlier ones may have gone
 * another way after a read of which nothing was kept yet.)
 */
function* checkReplay({ sessions, calls, run }: History): Generator<string> {
  // Power was lost before anything was to be kept: there never was a run.
  if (run === undefined) return;
  const recorded = calls
    .filter((call) => call.delivered !== undefined)
    .sort((a, b) => (a.delivered ?? 0) - (b.delivered ?? 0))
    .map(({ seq, now }) => `${seq} at ${now}`);
  const given = (sessions.at(-1) ?? [])
    .filter((line) => line.startsWith("given"))
    .map((line) => line.replace(/^given (\d+) .* at (\d+)$/, "$1 at $2"));
  if (recorded.slice(0, given.length).join() !== given.join())
    yield `the last session was given ${given.join()}, the record says ${recorded.join()}`;
}

function* checkEnd({ run, answers, errors }: History): Generator<string> {
  if (run !== undefined && !isEnded(run.status)) yield `the run is ${run.status} after all`;
  for (const {
    document: { error },
  } of answers)
    if (error?.code === "run_diverged" || error?.code === "internal") yield `${error.code}: ${error.message}`;
  for (const error of errors)
    // "Send it again" is refused of a run that has ended meanwhile.
    if (!/^(store_|run_not_found|approval_not_pending|lease_lost|usage$)/.test(error))
      yield `a host said ${error}`;
}
