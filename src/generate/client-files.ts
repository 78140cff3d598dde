/**
 * The client that generated packages carry: the texts of `src/client`, as JavaScript with the types beside it,
 * so that such a package depends on nothing.
 */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";

/** In `src` types are stripped here; in `dist` the compiler did it. */
const fromSource = import.meta.url.endsWith(".ts");

/** `create-client` below `src/client` → the text of one module whose imports lie beside it. */
export function clientScript(name: string): string {
  const text = read(`../client/${name}`, fromSource ? ".ts" : ".js");
  return besideEachOther(fromSource ? withoutTypes(text) : text);
}

/** The same for a module below `src/json`. */
export function jsonScript(name: string): string {
  const text = read(`../json/${name}`, fromSource ? ".ts" : ".js");
  return besideEachOther(fromSource ? withoutTypes(text) : text);
}

/** A module of types alone, as a declaration file. */
export function clientTypes(name: string): string {
  return besideEachOther(read(`../client/${name}`, fromSource ? ".ts" : ".d.ts"));
}

/** The error class with every code there is. */
export function errorsScript(): string {
  const text = read("../errors", fromSource ? ".ts" : ".js");
  return fromSource ? withoutTypes(text) : text;
}

function read(path: string, ending: string): string {
  return readFileSync(new URL(path + ending, import.meta.url), "utf8");
}

function withoutTypes(text: string): string {
  return stripTypeScriptTypes(text)
    .replaceAll(/[ \t]+$/gm, "")
    .replaceAll(/\n{3,}/g, "\n\n");
}

function besideEachOther(text: string): string {
  return text.replaceAll(/(from|import)( ?\(?)"(?:\.{1,2}\/)+(?:json\/)?([\w-]+)\.[jt]s"/g, '$1$2"./$3.js"');
}
