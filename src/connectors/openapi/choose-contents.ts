/**
 * Which of the media types that a body or an answer is described in are worth telling apart: those that say
 * the same in another notation are dropped, the easiest to write comes first.
 */
import { isRecord } from "../../schema/is-record.ts";
import { isMediaType, mediaKind, type MediaKind } from "./media-kind.ts";
import type { ContentModel } from "./operation-model.ts";
import { isBytes } from "./schema-keywords.ts";

const preference: readonly MediaKind[] = ["json", "form", "multipart", "text", "binary"];

export function chooseContents(contents: readonly ContentModel[]): ContentModel[] {
  const usable = contents.filter((content) => isMediaType(content.mediaType));
  const ordered = usable.toSorted((a, b) => rank(a) - rank(b));
  const chosen: ContentModel[] = [];
  for (const content of ordered)
    if (!chosen.some((other) => saysTheSame(other, content))) chosen.push(content);
  return chosen;
}

function rank(content: ContentModel): number {
  const kind = mediaKind(content.mediaType);
  if (kind === "multipart" && carriesFile(content.schema)) return -1;
  return preference.indexOf(kind) + (content.mediaType === "application/json" || kind !== "json" ? 0 : 0.5);
}

/** `chosen` stands for `other` too. */
function saysTheSame(chosen: ContentModel, other: ContentModel): boolean {
  const kind = mediaKind(chosen.mediaType);
  const structured = kind === "json" || kind === "form" || kind === "multipart";
  // XML and YAML beside JSON are the same content for another taste.
  if (structured && /[/+](?:x-)?(?:xml|yaml)$/.test(other.mediaType)) return true;
  if (structured && mediaKind(other.mediaType) === "binary" && other.schema === undefined) return false;
  return JSON.stringify(chosen.schema) === JSON.stringify(other.schema);
}

function carriesFile(schema: unknown): boolean {
  if (!isRecord(schema) || !isRecord(schema["properties"])) return false;
  return Object.values(schema["properties"]).some((property) => isRecord(property) && isBytes(property));
}
