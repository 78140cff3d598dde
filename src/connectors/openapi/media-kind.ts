/**
 * How contents of a media type are written and read. Parameters (`; charset=…`) are ignored.
 */

export type MediaKind = "json" | "form" | "multipart" | "text" | "binary";

export function mediaKind(mediaType: string): MediaKind {
  const type = bareType(mediaType);
  if (type === "*/*" || type === "application/*" || /^(?:application|text|\*)\/(?:.+\+)?json$/.test(type))
    return "json";
  if (type === "application/x-www-form-urlencoded") return "form";
  if (type.startsWith("multipart/")) return "multipart";
  if (type.startsWith("text/") || textTypes.test(type)) return "text";
  return "binary";
}

const textTypes =
  /^application\/(?:(?:.+\+)?(?:xml|yaml)|x-yaml|javascript|ecmascript|x-?ndjson|jsonl|x-?jsonlines|graphql|sql|csv|x-sh|x-httpd-php|pgp-keys)$|^image\/svg\+xml$/;

/** Lower case, without parameters. */
export function bareType(mediaType: string): string {
  return (mediaType.split(";")[0] ?? "").trim().toLowerCase();
}

/** Media types without a slash are mistakes of the document. */
export function isMediaType(mediaType: string): boolean {
  return /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+$/.test(bareType(mediaType));
}
