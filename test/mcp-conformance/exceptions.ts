/**
 * Scenarios of the official suite that do not pass, and why that is meant. A test fails for any other, and for one
 * that stands here and passes.
 */
interface Exceptions {
  readonly [scenario: string]: string;
}

const noLogs =
  "What a source logs goes to the operator's log, not to the model: the gateway has no logging capability.";
const noCompletions =
  "Arguments are completed from types, not by asking: there is no completions capability.";
const noSubscriptions = "Resources are read when they are asked for: there is no subscribe capability.";
const ownWords =
  "A form of a source is put to the person under keys and words of the gateway's own, so that none can pose as it.";
const noRoots = "A source is never shown the roots of the client: they are paths of another machine.";

export const exceptions: {
  readonly [
    run in "server 2025-11-25" | "server 2026-07-28" | "client 2025-11-25" | "client 2026-07-28"
  ]: Exceptions;
} = {
  "server 2025-11-25": {
    "logging-set-level": noLogs,
    "tools-call-with-logging": noLogs,
    "completion-complete": noCompletions,
    "resources-subscribe": noSubscriptions,
    "resources-unsubscribe": noSubscriptions,
    "elicitation-sep1034-defaults":
      "Defaults in a source's form are left away: a person who only confirms must not have said a stranger's words.",
    "elicitation-sep1330-enums":
      "A form with fields that not every client can show, such as lists, is declined rather than shown in part.",
  },
  "server 2026-07-28": {
    "server-stateless":
      "Three of its checks need a tool that logs, and one that asks for a capability which the client lacks: such a source is declined inside the run.",
    "completion-complete": noCompletions,
    "input-required-result-basic-elicitation": ownWords,
    "input-required-result-basic-list-roots": noRoots,
    "input-required-result-multiple-input-requests": noRoots,
    "input-required-result-non-tool-request":
      "A prompt is read, never begun: a source that would ask in its middle is declined.",
    "input-required-result-capability-check":
      "The fixture would have to see what the client can do; a source sees what the gateway can, which asks no client for more than it declared.",
  },
  "client 2025-11-25": {
    "elicitation-sep1034-client-defaults":
      "Defaults in a source's form are left away: a person who only confirms must not have said a stranger's words.",
  },
  "client 2026-07-28": {
    "http-custom-headers":
      "One of its checks sends null where the tool's own schema takes text, which is refused before anything is sent.",
  },
};
