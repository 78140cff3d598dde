/**
 * The few functions that a QuickJS machine gets from the process around it. All but `send` are pure: text or
 * bytes in, text or bytes out, no state and no authority.
 */
import { createHash } from "node:crypto";
import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten-core";

export function createHostFunctions(context: QuickJSContext, send: (message: string) => void): QuickJSHandle {
  const functions = context.newObject();
  const define = (name: string, body: (...args: QuickJSHandle[]) => QuickJSHandle): void => {
    context.newFunction(name, body).consume((made) => context.setProp(functions, name, made));
  };
  const toText = (text: string | undefined): QuickJSHandle =>
    text === undefined ? context.undefined : context.newString(text);

  define("send", (message) => {
    send(context.getString(message));
    return context.undefined;
  });
  define("parseUrl", (text, base) => toText(parseUrl(context.getString(text), context.dump(base))));
  define("changeUrl", (href, part, value) =>
    toText(changeUrl(context.getString(href), context.getString(part), context.getString(value))),
  );
  define("parseQuery", (text) =>
    context.newString(JSON.stringify([...new URLSearchParams(context.getString(text))])),
  );
  define("writeQuery", (pairs) =>
    context.newString(new URLSearchParams(JSON.parse(context.getString(pairs))).toString()),
  );
  define("digest", (name, bytes) => {
    const hash = createHash(context.getString(name));
    context.getArrayBuffer(bytes).consume((buffer) => hash.update(buffer.value));
    const digest = new Uint8Array(hash.digest());
    return context.newArrayBuffer(digest.buffer);
  });
  return functions;
}

const urlParts = [
  "href",
  "origin",
  "protocol",
  "username",
  "password",
  "host",
  "hostname",
  "port",
  "pathname",
];

/** The parts as JSON; nothing when the text is no URL. */
function parseUrl(text: string, base: unknown): string | undefined {
  const url = URL.parse(text, typeof base === "string" ? base : undefined);
  return url === null ? undefined : partsOf(url);
}

function changeUrl(href: string, part: string, value: string): string | undefined {
  const url = URL.parse(href);
  if (url === null) return undefined;
  Reflect.set(url, part, value);
  return partsOf(url);
}

function partsOf(url: URL): string {
  const names = [...urlParts, "search", "hash"];
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, String(Reflect.get(url, name))])));
}
