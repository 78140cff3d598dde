/**
 * Puts what a source asks in the middle of a call to the user of a client that shows forms. What they fill in goes to that
 * source; it is no answer to anything that the run itself asks.
 */
import { inputRequired } from "@modelcontextprotocol/server";
import type {
  ClientCapabilities,
  ElicitRequestFormParams,
  ServerContext,
} from "@modelcontextprotocol/server";
import type { AskPerson, Json, PersonAnswer } from "../../index.ts";
import { clientCapabilities, offersForms } from "./client-capabilities.ts";
import type { LiveRun } from "./live-run.ts";

const answerMs = 240_000;

export function toAskPerson(
  context: ServerContext,
  declared: ClientCapabilities | undefined,
  live: Pick<LiveRun, "ask">,
): { readonly askPerson?: AskPerson } {
  const { mcpReq } = context;
  if (!offersForms(clientCapabilities(context, declared))) return {};
  return {
    askPerson: async ({ message, schema, signal }) => {
      // A flat object of plain fields, which the core has made of what the source sent.
      const requestedSchema = schema as unknown as ElicitRequestFormParams["requestedSchema"];
      const params = { mode: "form" as const, message, requestedSchema };
      if (mcpReq.envelope === undefined)
        return toAnswer(
          await mcpReq.send({ method: "elicitation/create", params }, { signal, timeout: answerMs }),
        );
      const given = await live.ask(inputRequired.elicit(params), signal);
      return given.kind === "elicit" ? toAnswer(given) : { action: "cancel" };
    },
  };
}

function toAnswer({
  action,
  content,
}: {
  readonly action: PersonAnswer["action"];
  readonly content?: unknown;
}): PersonAnswer {
  if (action !== "accept") return { action };
  return { action, content: JSON.parse(JSON.stringify(content ?? {})) as { [field: string]: Json } };
}
