/**
 * Prepares a query in words: a task of several sentences is cut into clauses, since each may want a tool of
 * its own, and a file that is mentioned is turned into what one does with it.
 */

export interface Clauses {
  readonly whole: string;
  /** The parts, when there are several. */
  readonly parts: readonly string[];
}

const mostParts = 40;

export function queryToClauses(query: string): Clauses {
  const lines = query.split("\n").map((line) => line.replaceAll(/\s+/g, " "));
  const sentences = lines.flatMap((line) => line.split(/(?<=[.!?;]) /));
  const whole = sentences.map(nameFiles).join(" . ");
  const parts = whole
    .split(/[.!?;]+ |, | (?:and|then|also) /i)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return { whole, parts: parts.length > 1 ? parts.slice(0, mostParts) : [] };
}

const formats: { readonly [extension: string]: string } = {
  md: "markdown",
  docx: "word document",
  doc: "word document",
  xlsx: "excel spreadsheet",
  xls: "excel spreadsheet",
  pptx: "powerpoint presentation ppt",
  ppt: "powerpoint presentation ppt",
  txt: "text",
  py: "code",
  ts: "code",
  js: "code",
  png: "image",
  jpg: "image",
  jpeg: "image",
  svg: "svg image",
  mp3: "audio",
  wav: "audio",
  mp4: "video",
};

/** A path with an extension, or a bare file name with a well-known one. */
const file =
  /(?:~|\.{0,2})(?:\/[\w.-]{1,200}){1,20}\.(\w{1,5})\b|\b[\w-]{1,200}\.(md|docx?|xlsx?|csv|pptx?|pdf|txt|json|png|jpe?g|wav|mp3|mp4|html|py|ts|js)\b/g;
const writing = /\b(?:sav|writ|stor|export|output|put|generat|creat|produc|report|document)\w*/i;

/** "save it as /tmp/a.docx" is about writing a file and about Word documents, not about "tmp". */
function nameFiles(sentence: string): string {
  return sentence.replace(file, (_match, long: string | undefined, short: string | undefined, at: number) => {
    const extension = (long ?? short ?? "").toLowerCase();
    const verb = writing.test(sentence.slice(0, at)) ? "write" : "read";
    const format = Object.hasOwn(formats, extension) ? (formats[extension] ?? extension) : extension;
    return ` ${verb} file ${format} `;
  });
}
