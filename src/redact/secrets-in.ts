/**
 * Decides what is secret in a text of a configuration: by the name that it has, by the variables that were put into it,
 * and by what it looks like. What is on every machine (paths, plain words, the public part of a URL) is not, since
 * answers are full of it.
 */
import { existsSync } from "node:fs";

export interface ConfiguredText {
  /** The field: the name of a header, of a variable of the environment. */
  readonly name: string;
  /** What was sent. */
  readonly value: string;
  /** As it was written, with `${…}` for what was put in. Absent: the whole of it is secret. */
  readonly template?: string;
}

/** Names of fields whose value is secret however it looks. */
const secretName = /key|token|secret|pass|pwd|auth|cred|cookie|session|webhook|dsn|private|signature/i;
const variable = /\$\{([^}]*)\}/g;

export function secretsIn({ name, value, template }: ConfiguredText): string[] {
  const isNamed = secretName.test(name);
  const open = secretsInUrl(value);
  if (template === undefined) return [...open, ...judge(value, true)];
  if (!template.includes("${")) return [...open, ...(isNamed ? judge(value, true) : [])];
  const names = [...template.matchAll(variable)].map(([, inner]) => inner ?? "");
  const literals = template
    .split(/\$\{[^}]*\}/)
    .map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  const put = new RegExp(`^${literals.join("([\\s\\S]*?)")}$`).exec(value);
  if (put === null) return [...open, ...judge(value, true)];
  const found = put.slice(1).flatMap((each, at) => judge(each, isNamed || secretName.test(names[at] ?? "")));
  return [...open, ...(isNamed ? judge(value, true) : []), ...found];
}

function judge(value: string, isNamed: boolean): string[] {
  const trimmed = value.trim();
  if (isUrl(trimmed)) return [...(isNamed ? [trimmed] : []), ...secretsInUrl(trimmed)];
  if (!isNamed && (isPlain(trimmed) || isPath(trimmed))) return [];
  return [value, trimmed, ...partsOf(trimmed), ...secretsInJson(trimmed)];
}

/** Words that say how the secret after them is used. */
const scheme = /^(?:bearer|basic|digest|token|apikey|api-key|key|negotiate|bot|oauth)$/i;

/** The parts that stand alone when a server takes a value apart: the token of `Bearer <token>`, a cookie's value. */
function partsOf(value: string): string[] {
  const words = value.split(/[\s;,]+/).filter((word) => word !== "" && !scheme.test(word));
  const values = words.map((word) => /^[\w.-]+=(.+)$/.exec(word)?.[1] ?? "");
  const basic = /^basic\s+(\S+)$/i.exec(value)?.[1];
  const pair = basic === undefined ? "" : Buffer.from(basic, "base64").toString();
  return [...words, ...values, pair, pair.slice(pair.indexOf(":") + 1)];
}

function isUrl(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(value) && URL.canParse(value);
}

/** Its password, the values of its query, and parts of its path that are no words (the addresses of webhooks). */
function secretsInUrl(value: string): string[] {
  if (!isUrl(value)) return [];
  const url = new URL(value);
  const password = decode(url.password);
  const long = url.pathname
    .split("/")
    .filter((part) => part.length >= 16 && /\d/.test(part) && /[a-z]/i.test(part));
  const values = [...url.searchParams.values()].filter((each) => !isPlain(each));
  return [...(url.password === "" ? [] : [value, url.password, password]), ...values, ...long];
}

/** A key file as one variable. */
function secretsInJson(value: string): string[] {
  if (!value.startsWith("{")) return [];
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed !== "object" || parsed === null) return [];
    return Object.entries(parsed).flatMap(([name, each]) =>
      typeof each === "string" && secretName.test(name) ? [each, ...partsOf(each)] : [],
    );
  } catch {
    return [];
  }
}

/** Words, hosts, regions, versions, numbers, dates, addresses of mail. */
function isPlain(value: string): boolean {
  return (
    /^[a-z]+(?:[-_. /:][a-z]+)*(?:\d{1,2}|[-_. :]\d{1,5})?$/i.test(value) ||
    /^[\d\s.,:/TZ+-]+$/.test(value) ||
    /^[^\s@:]+@[\w.-]+\.[a-z]+$/i.test(value)
  );
}

function isPath(value: string): boolean {
  return /^(?:[/~]|\.{1,2}[/\\]|[a-z]:[/\\])/i.test(value) && existsSync(value);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
