/**
 * Every chain of the sets, as one program against its recorded answers: how many answer exactly, and the tokens of the
 * conversation beside those of one call a turn.
 *
 *     CODEMODE_DATA=<folder with chains/> node bench/chains/run.ts
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { createWorkerdEngine } from "../../src/index.ts";
import {
  type Chain,
  chainToSnippet,
  createChainCodemode,
  readChains,
} from "../../test/fixtures/chains/run-chain.ts";

const data = process.env["CODEMODE_DATA"];
if (data === undefined) throw new Error("CODEMODE_DATA names the folder with the chains.");

console.log("| set | chains | calls | exact | one call a turn, tokens read | one program, tokens read |");
console.log("| --- | --- | --- | --- | --- | --- |");
for (const set of ["bfcl", "tau-retail"]) {
  const chains = readChains(readFileSync(join(data, "chains", `${set}.jsonl`), "utf8"));
  let exact = 0;
  let single = 0;
  let program = 0;
  for (const chain of chains) {
    const answered = await runChain(chain);
    if (answered.exact) exact += 1;
    single += readOneByOne(chain);
    program += countTokens(chainToSnippet(chain)) + countTokens(answered.text);
  }
  const calls = chains.reduce((sum, chain) => sum + chain.calls.length, 0);
  console.log(`| ${set} | ${chains.length} | ${calls} | ${exact} | ${single} | ${program} |`);
}

async function runChain(chain: Chain): Promise<{ readonly exact: boolean; readonly text: string }> {
  await using codemode = createChainCodemode(chain, { engine: createWorkerdEngine({ prewarm: 0 }) });
  const { document, text } = await codemode.execute({ code: chainToSnippet(chain) });
  const recorded = chain.calls.map(({ result }) => result);
  if (document.status !== "completed") console.error(chain.id, document.error);
  return { exact: isDeepStrictEqual(document.result, recorded), text };
}

/** Each turn reads the calls and answers of all turns before it once more. */
function readOneByOne({ calls }: Chain): number {
  let context = 0;
  let read = 0;
  for (const { tool, args, result } of calls) {
    context +=
      countTokens(JSON.stringify({ name: tool, arguments: args })) + countTokens(JSON.stringify(result));
    read += context;
  }
  return read;
}
