// 200 pages, eight at a time, each tried again when the server is busy; what leaves is five numbers.
import { mapLimit, retry } from "codemode/std";

const ids = Array.from({ length: 200 }, (_, at) => at + 1);
const pages = await mapLimit(ids, 8, (id) =>
  retry(() => tools.shop.get_page({ id }), { attempts: 5, delayMs: 1 }),
);

const words = pages.map(({ text }) => text.split(" ").length);
return {
  pages: pages.length,
  words: words.reduce((sum, each) => sum + each, 0),
  longest: pages.findIndex((_, at) => words[at] === Math.max(...words)) + 1,
};
