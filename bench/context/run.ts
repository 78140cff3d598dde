/**
 * What returns to a model, classic and ours, and how long its text takes: `CODEMODE_DATA=<folder with mcp-tools/> node
 * bench/context/run.ts`. Exits with 1 when a total is not at least 5 percent below the published way's.
 */
import { calendar } from "./calendar.ts";
import { countWorkload } from "./count-workload.ts";
import { createGitlab } from "./gitlab.ts";
import { largeAnswer } from "./large-answer.ts";
import { measureRendering } from "./measure-rendering.ts";
import { orderJoin } from "./orders.ts";
import { sheet } from "./sheet.ts";

const number = (count: number): string => Math.round(count).toLocaleString("en-US");

console.log("| task | classic | ours | saved | definitions + search + program + answer | published |");
console.log("| --- | --- | --- | --- | --- | --- |");
for (const workload of [sheet, calendar, createGitlab(), orderJoin, largeAnswer]) {
  const { classic, ours, bar } = await countWorkload(workload);
  const parts = [ours.definitions, ours.search, ours.program, ours.answer].map(number).join(" + ");
  const saved = `−${((1 - ours.total / classic.total) * 100).toFixed(1)}%`;
  console.log(
    `| ${workload.name} | ${number(classic.total)} | ${number(ours.total)} | ${saved} | ${parts} | ${workload.published} |`,
  );
  if (ours.total > bar * 0.95) {
    console.error(
      `${workload.name}: ${number(ours.total)} tokens, where ${number(bar * 0.95)} are aimed at.`,
    );
    process.exitCode = 1;
  }
}

console.log("\n| a result of 1 MB | p50 | p95 |\n| --- | --- | --- |");
for (const { shape, p50, p95 } of measureRendering())
  console.log(`| ${shape} | ${p50.toFixed(1)} ms | ${p95.toFixed(1)} ms |`);
