/**
 * `codemode.propose({ name, description, code })`: a model offers a snippet to be saved. It waits for a person unless
 * the operator's policy accepts it.
 */
import { CodemodeError } from "../../errors.ts";
import type { ProposePolicy } from "../../spec/snippets.ts";
import type { JsonSchema, Value } from "../../spec/value.ts";
import type { BuiltinCall, Builtins } from "../call-builtin.ts";
import { parseExact } from "../../json/parse-exact.ts";
import { valueToView } from "../value-to-view.ts";
import { toJsonText } from "../to-json-text.ts";
import { keep, workspaceOf, type SavedContext } from "./create-saved-snippets.ts";
import { findRequiredTools } from "./find-required-tools.ts";
import { inferInput } from "./infer-input.ts";
import { wantedSources } from "../sources/wanted-sources.ts";
import { requireDescription, requireName } from "./snippet-name.ts";

const usage =
  'Call it as codemode.propose({ name: "…", description: "…", code: "async (input: { … }) => …" }).';
/** Proposals that wait for a person; more would only bury each other. */
const mostProposals = 50;

/** `context` is asked for at the call: it holds the builtins itself. */
export function createProposeBuiltin(policy: ProposePolicy, context: () => SavedContext): Builtins {
  return new Map([["propose", (call: BuiltinCall) => propose(call, policy, context())]]);
}

async function propose(
  { args: [request], principal }: BuiltinCall,
  policy: ProposePolicy,
  context: SavedContext,
): Promise<Value> {
  if (policy === "deny")
    throw new CodemodeError("call_denied", "Snippets cannot be proposed here.", {
      hint: "Give the program to the user instead.",
    });
  const { name, description, code, input } = fieldsOf(request);
  if (typeof code !== "string")
    throw new CodemodeError("usage", "codemode.propose takes the program as the string `code`.", {
      hint: usage,
    });
  const workspace = workspaceOf(principal);
  const waiting = (await context.workspaces.snippets.list(workspace)).filter(
    (each) => each.status === "proposed" && each.name !== name,
  );
  if (waiting.length >= mostProposals)
    throw new CodemodeError(
      "saved_snippet_invalid",
      `${mostProposals} proposals wait for a person already.`,
      {
        hint: "Ask the user to look at them: codemode snippets list.",
      },
    );
  const schema = input === undefined ? inferInput(code) : toSchema(input);
  const saved = await keep(
    {
      name: requireName(name),
      description: requireDescription(description),
      code,
      ...(schema === undefined ? {} : { input: schema }),
      tools: findRequiredTools(code, await context.catalog(undefined, wantedSources(code))),
    },
    { workspace, status: policy === "allow" ? "accepted" : "proposed" },
    context,
  );
  return { name: saved.name, version: saved.version, status: saved.status };
}

function fieldsOf(request: Value): { readonly [name: string]: Value } {
  const isPlain =
    typeof request === "object" && request !== null && Object.getPrototypeOf(request) === Object.prototype;
  if (isPlain) return request as { [name: string]: Value };
  throw new CodemodeError("usage", "codemode.propose takes one object.", { hint: usage });
}

function toSchema(input: Value): JsonSchema {
  const text = toJsonText(input, "codemode.propose");
  if (valueToView(parseExact(text).value).marks.exact !== undefined)
    throw new CodemodeError("value_unsupported", "The schema of an input takes no integer beyond 2^53.", {
      hint: "Leave the bound out, or take the value as text.",
    });
  const schema: JsonSchema = JSON.parse(text);
  return schema;
}
