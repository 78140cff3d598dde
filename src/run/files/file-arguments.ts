/**
 * Files passed to tools by reference: `codemode.fs.ref(path)` names a file and its content, the reference is what is
 * recorded, judged and approved, and its bytes are put in its place on the way to the tool. They never enter the guest.
 */
import { CallError } from "../../call-error.ts";
import { Buffer } from "node:buffer";
import { CodemodeError } from "../../errors.ts";
import type { FileEntry, FileStore } from "../../spec/files.ts";
import type { Value } from "../../spec/value.ts";
import type { Workspace } from "../../spec/workspace.ts";
import { toFilePath } from "../../workspace/files/to-file-path.ts";
import { bytesToText } from "./file-content.ts";

export const fileForms = ["bytes", "base64", "text"] as const;
export type FileForm = (typeof fileForms)[number];

interface FileReference {
  readonly path: string;
  readonly hash: string;
  readonly as: FileForm;
}

const mostReferences = 16;

export function toFileReference(
  { path, hash, bytes, mime }: FileEntry,
  as: FileForm,
): { [key: string]: Value } {
  return { $file: path, hash, bytes, mime, as };
}

/** Only what names a content as well is a reference: nobody can make one for a file whose content they do not know. */
function readReference(value: Value): FileReference | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, "$file")) return undefined;
  const { $file, hash, as } = value as { readonly [key: string]: Value };
  const form = fileForms.find((each) => each === as);
  if (typeof $file !== "string" || typeof hash !== "string" || form === undefined) return undefined;
  return /^[0-9a-f]{64}$/.test(hash) ? { path: $file, hash, as: form } : undefined;
}

export function holdsFiles(value: Value): boolean {
  if (readReference(value) !== undefined) return true;
  if (Array.isArray(value)) return value.some(holdsFiles);
  return isPlain(value) && Object.values(value).some(holdsFiles);
}

/**
 * The arguments with every reference replaced by its content. Throws `file_not_found`, also for a file that has another
 * content by now, `file_content_invalid` and `file_limit`.
 */
export async function resolveFiles(
  args: Value,
  { files, workspace }: { readonly files: FileStore; readonly workspace: Workspace },
): Promise<Value> {
  let read = 0;
  const resolve = async (value: Value): Promise<Value> => {
    const reference = readReference(value);
    if (reference !== undefined) {
      read += 1;
      if (read > mostReferences)
        throw new CodemodeError("file_limit", `A call takes at most ${mostReferences} files.`);
      return contentOf(reference, await files.read(workspace, toFilePath(reference.path)));
    }
    if (Array.isArray(value)) {
      const items: Value[] = [];
      for (const item of value) items.push(await resolve(item));
      return items;
    }
    if (!isPlain(value)) return value;
    const entries: [string, Value][] = [];
    for (const [key, item] of Object.entries(value)) entries.push([key, await resolve(item)]);
    return Object.fromEntries(entries);
  };
  return holdsFiles(args) ? await resolve(args) : args;
}

function contentOf({ path, hash, as }: FileReference, found: Awaited<ReturnType<FileStore["read"]>>): Value {
  if (found?.entry.hash !== hash)
    throw new CallError(
      "file_not_found",
      `The file ${JSON.stringify(path.slice(0, 200))} is not the one that was referred to: it has ${found === undefined ? "gone" : "another content by now"}.`,
      { hint: "Refer to it anew: codemode.fs.ref(path).", outcome: "not_sent" },
    );
  const { content } = found;
  if (as === "text") return bytesToText(content, path);
  return as === "base64" ? Buffer.from(content).toString("base64") : content;
}

function isPlain(value: Value): value is { [key: string]: Value } {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
