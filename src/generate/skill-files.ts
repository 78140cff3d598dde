/**
 * The catalog as an Agent Skill: `SKILL.md` says what there is and how a program calls it, an index for each
 * source says where to look, and pages hold the declarations. Each is read only when it is needed.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import type { CatalogSource, Tool } from "../spec/tool.ts";
import { sourceToDeclarations } from "../typegen/source-to-declarations.ts";
import { createFileNames } from "./file-names.ts";
import { codeBlock, markdownText } from "./markdown-text.ts";
import type { GeneratedFiles, OutputOptions } from "./output.ts";
import { skillPages, type SkillPage } from "./skill-pages.ts";
import { skillText } from "./skill-text.ts";

/** Tokens of the index of one source. */
const indexTokens = 4_000;

export function skillFiles({ catalog, name }: OutputOptions): GeneratedFiles {
  const files = new Map<string, string>();
  const names = createFileNames();
  const sources = catalog.sources.map((source) => ({ source, file: names.take(source.name) }));
  files.set("SKILL.md", skillText(name, sources));
  for (const { source, file } of sources) {
    const pages = skillPages(source);
    const [only] = pages;
    if (only === undefined || pages.length === 1) {
      files.set(`reference/${file}.md`, pageText(source, only, sourceHead(source)));
      continue;
    }
    files.set(`reference/${file}.md`, indexText(source, pages, file));
    for (const page of pages) {
      const head = `# ${source.name}${page.title === "" ? "" : `, ${page.title}`}\n\nAll of it: [${source.name}](../${file}.md)\n`;
      files.set(`reference/${file}/${page.file}.md`, pageText(source, page, head));
    }
  }
  return files;
}

function sourceHead({ name, title, instructions, tools }: CatalogSource): string {
  const said = [title, instructions].flatMap((text) =>
    text === undefined || text.trim() === "" ? [] : [`> ${markdownText(text, 400)}`],
  );
  const count = `${tools.length} ${tools.length === 1 ? "tool" : "tools"}, called as \`tools.${name}.…\`.`;
  return [`# ${name}`, ...said, count].join("\n\n") + "\n";
}

/** Effects, and declarations: each block compiles alone. */
function pageText(source: CatalogSource, page: SkillPage | undefined, head: string): string {
  const { tools = [], brief = new Map<Tool, string>() } = page ?? {};
  const effects = (["destructive", "write", "read"] as const).flatMap((effect) => {
    const named = tools
      .filter((tool) => tool.effect === effect)
      .map((tool) => `\`${tool.segments.join(".")}\``);
    return named.length === 0 ? [] : [`- ${effect}: ${named.join(", ")}`];
  });
  const complete = tools.filter((tool) => !brief.has(tool));
  const blocks = [
    ...(complete.length === 0 ? [] : [sourceToDeclarations({ ...source, tools: complete }).text]),
    ...brief.values(),
  ];
  const lists = effects.length === 0 ? "" : `\n${effects.join("\n")}\n`;
  return [`${head}${lists}`, ...blocks.map((text) => codeBlock("ts", text))].join("\n");
}

/** As much on each tool as fits: a sentence, its name, or the first and the last name of each page. */
function indexText(source: CatalogSource, pages: readonly SkillPage[], file: string): string {
  const forms = [withSentences, withNames, withRanges];
  const texts = forms.map(
    (form) =>
      `${sourceHead(source)}\n${pages.map((page) => form(page, source, `${file}/${page.file}.md`)).join("\n")}\n`,
  );
  const last = texts.at(-1) ?? "";
  return texts.find((text) => estimateTokens(text) <= indexTokens) ?? last;
}

type IndexForm = (page: SkillPage, source: CatalogSource, link: string) => string;

const withSentences: IndexForm = ({ title, file, tools }, source, link) => {
  const lines = tools.map((tool) => {
    const said = markdownText(tool.description === "" ? (tool.title ?? "") : tool.description, 100);
    return `- \`${source.name}.${tool.segments.join(".")}\` (${tool.effect})${said === "" ? "" : `: ${said}`}`;
  });
  return `## [${title === "" ? file : title}](${link})\n\n${lines.join("\n")}\n`;
};

const withNames: IndexForm = ({ title, file, tools }, _source, link) =>
  `- [${title === "" ? file : title}](${link}): ${tools.map((tool) => `\`${shortName(tool, title)}\``).join(", ")}`;

const withRanges: IndexForm = ({ title, file, tools }, _source, link) => {
  const [first] = tools;
  const last = tools.at(-1);
  const range =
    first === undefined || last === undefined
      ? ""
      : `: \`${shortName(first, title)}\` to \`${shortName(last, title)}\``;
  return `- [${title === "" ? file : title}](${link}), ${tools.length}${range}`;
};

/** Below its group, where the page is named by that alone. */
function shortName({ segments }: Tool, title: string): string {
  return segments.slice(segments.length > 1 && !title.includes(" to ") ? 1 : 0).join(".");
}
