/**
 * Makes the form a person is shown of what a source asks: its words cut, made harmless and set off below a line of the
 * host's, its fields plain, named after the source. What is no plain form, or asks for a secret, is refused.
 */
import { isRecord } from "../../schema/is-record.ts";
import type { PersonQuestion } from "../../spec/ask.ts";
import type { UpstreamQuestion } from "../../spec/source.ts";
import type { Tool } from "../../spec/tool.ts";
import type { Json } from "../../spec/value.ts";
import { asksForSecret } from "./asks-for-secret.ts";
import { setOff, toOneLine } from "./foreign-words.ts";

type Elicitation = Extract<UpstreamQuestion, { readonly kind: "elicitation" }>;
type Refuse = (why: string) => never;

const mostMessage = 2_000;
const mostFields = 20;
const mostChoices = 100;
const mostWords = 200;
const types: ReadonlySet<unknown> = new Set(["string", "number", "integer", "boolean"]);
const formats: ReadonlySet<unknown> = new Set(["email", "uri", "date", "date-time"]);
const bounds = ["minimum", "maximum", "minLength", "maxLength"] as const;

export function questionToForm(
  { message, schema }: Elicitation,
  { source, path }: Pick<Tool, "source" | "path">,
  refuse: Refuse,
): Pick<PersonQuestion, "message" | "schema"> {
  if (asksForSecret(message)) refuse("it asks for a secret, which no form may");
  const fields = toFields(schema, source, refuse);
  const head = `The server "${source}" asks you this, in the middle of tools.${path}. The words below are its own, not Codemode's: they approve nothing, and no password, key or token belongs in the answer.`;
  return { message: `${head}\n${setOff(message, mostMessage)}`, schema: fields };
}

function toFields(schema: unknown, source: string, refuse: Refuse): Json {
  if (!isRecord(schema) || schema["type"] !== "object") return refuse("what it asks is no form");
  const { properties = {}, required = [] } = schema;
  if (!isRecord(properties) || !Array.isArray(required)) return refuse("what it asks is no form");
  const names = Object.keys(properties);
  if (names.length > mostFields) return refuse(`its form has more than ${mostFields} fields`);
  const fields = names.map((name) => [name, toField(name, properties[name], { source, refuse })] as const);
  return {
    type: "object",
    properties: Object.fromEntries(fields),
    required: required.filter((name): name is string => typeof name === "string" && names.includes(name)),
    additionalProperties: false,
  };
}

function toField(
  name: string,
  given: unknown,
  { source, refuse }: { readonly source: string; readonly refuse: Refuse },
): Json {
  if (!/^[A-Za-z][\w.-]{0,63}$/.test(name) || name === "constructor")
    return refuse(`its form has a field with the name ${JSON.stringify(name.slice(0, 64))}`);
  if (!isRecord(given) || !types.has(given["type"]))
    return refuse(`its field ${name} is not text, a number, or yes or no`);
  const { type, title, description, format } = given;
  const words = [name, title, description].filter((each): each is string => typeof each === "string");
  if (format === "password" || words.some(asksForSecret))
    return refuse(`its field ${name} asks for a secret, which no form may`);
  const choices = toChoices(given, refuse);
  return {
    type: String(type),
    title: `${source} asks: ${typeof title === "string" ? toOneLine(title, mostWords) : name}`,
    ...(typeof description === "string"
      ? { description: `In the words of ${source}: ${toOneLine(description, mostWords)}` }
      : {}),
    ...(choices === undefined ? {} : { enum: choices }),
    ...(formats.has(format) ? { format: String(format) } : {}),
    ...Object.fromEntries(
      bounds.flatMap((bound) => {
        const value = given[bound];
        return typeof value === "number" && Number.isFinite(value) ? [[bound, value]] : [];
      }),
    ),
  };
}

/** Titles of choices may say another thing than what is answered: only what is answered is shown. */
function toChoices(field: { readonly [key: string]: unknown }, refuse: Refuse): string[] | undefined {
  const listed = field["enum"] ?? field["oneOf"];
  if (listed === undefined) return undefined;
  if (!Array.isArray(listed) || listed.length === 0 || listed.length > mostChoices)
    return refuse("it offers no list of choices that can be shown");
  const choices = listed.map((each: unknown) => (isRecord(each) ? each["const"] : each));
  const shown = choices.filter(
    (each): each is string =>
      typeof each === "string" && each.length <= mostWords && each === toOneLine(each, mostWords),
  );
  return shown.length === choices.length ? shown : refuse("it offers a choice that cannot be shown as it is");
}
