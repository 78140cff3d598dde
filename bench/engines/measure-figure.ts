/** One figure of one contestant: `node measure-figure.ts <contestant> <figure> <scale>`; the cells as JSON. */
import { contestants } from "./contestants/all.ts";
import { figures } from "./figures.ts";

const [key = "", figure = "", scale = "1"] = process.argv.slice(2);
const contestant = await contestants[key]?.();
const measure = figures[figure];
if (contestant === undefined || measure === undefined) process.exit(3);
if (contestant.only?.includes(figure) === false) process.exit(3);
const cells = await measure(contestant, Number(scale));
process.stdout.write(`\n${JSON.stringify({ name: contestant.name, cells })}\n`, () => process.exit(0));
