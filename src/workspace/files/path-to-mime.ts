/**
 * The media type that a file's name says, and the ending that a media type asks for.
 */

/** The first ending of a type is the one that files of it are given. */
const types: readonly (readonly [ending: string, mime: string])[] = [
  ["json", "application/json"],
  ["txt", "text/plain"],
  ["md", "text/markdown"],
  ["csv", "text/csv"],
  ["tsv", "text/tab-separated-values"],
  ["html", "text/html"],
  ["htm", "text/html"],
  ["xml", "application/xml"],
  ["yaml", "application/yaml"],
  ["yml", "application/yaml"],
  ["jsonl", "application/x-ndjson"],
  ["ndjson", "application/x-ndjson"],
  ["ts", "text/plain"],
  ["js", "text/javascript"],
  ["css", "text/css"],
  ["log", "text/plain"],
  ["png", "image/png"],
  ["jpg", "image/jpeg"],
  ["jpeg", "image/jpeg"],
  ["gif", "image/gif"],
  ["webp", "image/webp"],
  ["svg", "image/svg+xml"],
  ["mp3", "audio/mpeg"],
  ["wav", "audio/wav"],
  ["ogg", "audio/ogg"],
  ["mp4", "video/mp4"],
  ["pdf", "application/pdf"],
  ["zip", "application/zip"],
  ["gz", "application/gzip"],
  ["xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  ["docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
];

const byEnding = new Map(types);

export function pathToMime(path: string): string {
  const ending = /\.([a-z0-9]{1,8})$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  return byEnding.get(ending) ?? "application/octet-stream";
}

export function mimeToEnding(mime: string): string {
  const bare = mime.split(";", 1)[0]?.trim().toLowerCase();
  return types.find(([, type]) => type === bare)?.[0] ?? "bin";
}
