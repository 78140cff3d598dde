/** Every relative link in the documents leads somewhere, headings included, and every page is reached from the index. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const pages = ["README.md", "docs/*.md", "bench/**/README.md", "examples/**/README.md"]
  .flatMap((pattern) => globSync(pattern, { cwd: root, exclude: (path) => path.includes("node_modules") }))
  .sort();

describe.each(pages)("%s", (page) => {
  it("leads somewhere with each link", () => {
    const links = linksOf(page);
    const broken = links.filter(({ file, heading }) => {
      if (!existsSync(file)) return true;
      return heading !== undefined && !headingsOf(file).includes(heading);
    });
    expect(broken.map(({ link }) => link)).toEqual([]);
  });
});

it("reaches every page of docs/ from its index", () => {
  const linked = linksOf("docs/README.md").map(({ file }) => relative(root, file));
  expect(pages.filter((page) => page.startsWith("docs/") && !linked.includes(page))).toEqual([
    "docs/README.md",
  ]);
});

interface Link {
  readonly link: string;
  readonly file: string;
  readonly heading: string | undefined;
}

function linksOf(page: string): Link[] {
  const text = withoutCode(readFileSync(join(root, page), "utf8"));
  return [...text.matchAll(/\]\(([^()\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [path = "", heading] = link.split("#");
      const file = path === "" ? join(root, page) : resolve(root, dirname(page), path);
      return { link, file, heading };
    });
}

/** As GitHub makes them: lower case, spaces to hyphens, punctuation gone. */
function headingsOf(file: string): string[] {
  const text = withoutCode(readFileSync(file, "utf8"));
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(" ", "-"),
  );
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```.*?^```/gms, "");
}
