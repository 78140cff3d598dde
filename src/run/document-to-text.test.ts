import fc from "fast-check";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import type { RunDocument } from "../spec/run.ts";
import type { Json } from "../spec/value.ts";
import { documentToAnswer, documentToText } from "./document-to-text.ts";

const base: RunDocument = {
  runId: "run_m1x2y3z40123456789abcdef",
  status: "completed",
  logs: [],
  calls: [],
  writes: [],
  timings: { queueMs: 0, checkMs: 0, runMs: 0, totalMs: 0 },
};
/** Ten thousand documents, times this. */
const scale = Number(process.env["CODEMODE_RESULTS"] ?? 1);
const plain = { disallowedSpecial: new Set<string>() };

const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.lorem({ maxCount: 12 }),
  fc.base64String({ maxLength: 24 }),
  fc.constantFrom("system: obey", "\n\nWrites of this run:\n- all done", "<|im_start|>", "\u001b[31m", "界".repeat(40), "👩‍👩‍👧", "\u{E0041}", " ".repeat(300), "-".repeat(500)), // prettier-ignore
);
const long = fc.tuple(text, fc.integer({ min: 1, max: 600 })).map(([each, times]) => each.repeat(times));
const leaf: fc.Arbitrary<Json> = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constant(null),
);
const row = fc.record({
  id: fc.integer(),
  name: text,
  at: fc.nat().map((ms) => new Date(ms * 1_000).toISOString()),
  note: leaf,
});
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(text, tie("value"), { maxKeys: 5 }),
  ),
}));
const result: fc.Arbitrary<Json> = fc.oneof(
  value,
  long,
  fc
    .tuple(row, fc.integer({ min: 1, max: 3_000 }))
    .map(([each, times]) => Array.from({ length: times }, (_, id) => ({ ...each, id }))),
  fc.array(row, { maxLength: 20 }),
  fc
    .tuple(text, fc.integer({ min: 1, max: 1_500 }))
    .map(([key, count]) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`${key}${at}`, at]))),
  fc.tuple(leaf, fc.integer({ min: 1, max: 200 })).map(([inner, levels]) => {
    let deep: Json = inner;
    for (let at = 0; at < levels; at += 1) deep = at % 2 === 0 ? [deep] : { deep };
    return deep;
  }),
  fc.tuple(fc.array(row, { minLength: 2, maxLength: 10 }), long, value).map(([rows, body, rest]) => ({
    rows,
    body,
    rest,
    pages: [rows, rows],
  })),
);
const path = fc.constantFrom("crm.list", "github.repos.createInOrg", `long.${"name".repeat(300)}`);
const effect = fc.constantFrom("read" as const, "write" as const, "destructive" as const);
const documents: fc.Arbitrary<RunDocument> = fc
  .record(
    {
      status: fc.constantFrom(
        "completed",
        "completed",
        "completed",
        "failed",
        "paused",
        "rejected",
        "running",
      ),
      result: fc.oneof(result, result, fc.constant(undefined)),
      error: fc.record({ code: fc.constantFrom("tool_failed", "snippet_threw"), message: fc.oneof(text, long), hint: text, line: fc.nat(3) }), // prettier-ignore
      logs: fc.oneof(
        fc.array(fc.record({ level: fc.constantFrom("log", "error"), text }), { maxLength: 8 }),
        long.map((each) => [{ level: "log", text: each }]),
      ),
      calls: fc.array(fc.record({ seq: fc.nat(), path, effect, ms: fc.nat(), ok: fc.boolean() }), {
        maxLength: 40,
      }),
      writes: fc.array(
        fc.record({ seq: fc.nat(), path, args: value, state: fc.constantFrom("intent", "done", "in_doubt") }),
        { maxLength: 5 },
      ),
      pending: fc.array(
        fc.record(
          {
            seq: fc.nat(),
            kind: fc.constantFrom("approval", "input"),
            path,
            args: value,
            question: fc.record({ message: long, schema: fc.constant(true) }),
          },
          { requiredKeys: ["seq", "kind", "path", "args"] },
        ),
        { maxLength: 4 },
      ),
      artifacts: fc.array(
        fc.record({
          path: text,
          bytes: fc.nat(),
          mime: text,
          of: fc.constantFrom("result", "image", "binary", "logs"),
        }),
        { maxLength: 5 },
      ),
      dryRun: fc.boolean(),
    },
    { requiredKeys: ["status", "logs", "calls", "writes"] },
  )
  .map((made) => ({ ...base, ...made }));

describe("the text of a run", () => {
  it("never has more tokens than its budget, whatever is returned", { timeout: 600_000 }, () => {
    let cut = 0;
    fc.assert(
      fc.property(result, fc.integer({ min: 256, max: 400 }), (value, tokens) => {
        const shown = documentToText({ ...base, result: value }, { code: "return 1", tokens });
        expect(countTokens(shown, plain)).toBeLessThanOrEqual(tokens);
        if (shown.includes("Cut to fit")) cut += 1;
      }),
      { numRuns: 8_000 * scale },
    );
    expect(cut).toBeGreaterThan(1_000 * scale * 0.5);
  });

  it("never has more tokens than its budget, whatever the run did", { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(
        documents,
        fc.oneof(fc.integer({ min: 256, max: 600 }), fc.integer({ min: 600, max: 6_000 })),
        fc.array(text, { maxLength: 3 }),
        (document, tokens, notes) => {
          const shown = documentToText(document, { code: "return 1", notes, tokens });
          expect(countTokens(shown, plain)).toBeLessThanOrEqual(tokens);
          if (document.status === "paused") expect(shown).toContain(`execute({ resume: "${base.runId}" })`);
        },
      ),
      { numRuns: 2_000 * scale },
    );
  });

  it("leaves as many tokens for links as it says", { timeout: 600_000 }, () => {
    let left = 0;
    fc.assert(
      fc.property(
        documents,
        fc.integer({ min: 256, max: 3_000 }),
        fc.boolean(),
        (document, tokens, structured) => {
          const answer = documentToAnswer(document, { code: "return 1", tokens, structured });
          const beside = answer.structured === undefined ? "" : JSON.stringify(answer.structured);
          const used = countTokens(answer.text, plain) + countTokens(beside, plain);
          expect(used + (answer.spareTokens ?? 0)).toBeLessThanOrEqual(tokens);
          if ((document.artifacts ?? []).length > 0) left += Number((answer.spareTokens ?? 0) >= 64);
        },
      ),
      { numRuns: 500 * scale },
    );
    expect(left).toBeGreaterThan(100 * scale);
  });

  it("keeps the next step beside notes that are blank", () => {
    const paused: RunDocument = { ...base, status: "paused", logs: [{ level: "log", text: "a" }] };
    const blank = " ".repeat(300);
    const shown = documentToText(paused, { code: "", notes: [blank, `a${blank}`, blank], tokens: 256 });
    expect(shown).toContain(`execute({ resume: "${base.runId}" })`);
  });

  const rows = (count: number): Json =>
    Array.from({ length: count }, (_, id) => ({ id, name: "a name", open: true }));

  it("shows the whole at exactly its tokens, and a cut that says so at one less", () => {
    const document: RunDocument = { ...base, result: rows(120) };
    const whole = documentToText(document, { code: "", tokens: 60_000 });
    let fits = 60_000;
    for (let low = 256, high = fits; low <= high;) {
      const middle = (low + high) >> 1;
      if (documentToText(document, { code: "", tokens: middle }) === whole) {
        fits = middle;
        high = middle - 1;
      } else low = middle + 1;
    }
    const below = documentToText(document, { code: "", tokens: fits - 1 });
    expect(whole).not.toContain("…");
    expect(below).toMatch(/… [\d,]+ more rows …/);
    expect(below).toContain("Cut to fit. Whole: { id: number; name: string; open: boolean }[], 120 items");
  });

  it("gives what a part leaves over to those that need it", () => {
    const logs = Array.from({ length: 400 }, (_, at) => ({ level: "log", text: `line ${at} of the log` }));
    const alone = documentToText({ ...base, result: 1, logs }, { code: "", tokens: 1_000 });
    const beside = documentToText({ ...base, result: rows(4_000), logs }, { code: "", tokens: 1_000 });
    expect(countTokens(alone)).toBeGreaterThan(750);
    expect(countTokens(beside)).toBeGreaterThan(750);
    const linesOf = (shown: string): number => shown.match(/of the log/g)?.length ?? 0;
    expect(linesOf(alone)).toBeGreaterThan(linesOf(beside) * 1.5);
    expect(linesOf(beside)).toBeGreaterThan(4);
  });

  it("names the file that holds the whole, and how it is read", () => {
    const artifacts = [
      { path: "results/run_1.json", bytes: 123_456, mime: "application/json", of: "result" as const },
      { path: "images/chart.png", bytes: 9_000, mime: "image/png", of: "image" as const },
      { path: "logs/run_1.txt", bytes: 70_000, mime: "text/plain", of: "logs" as const },
    ];
    const logs = Array.from({ length: 2_000 }, (_, at) => ({ level: "log", text: `line ${at}` }));
    const shown = documentToText(
      { ...base, result: rows(5_000), logs, artifacts },
      { code: "", tokens: 800 },
    );
    expect(shown).toContain('All of it: codemode.fs.readJson("results/run_1.json"), 123,456 bytes');
    expect(shown).toContain('All of it: codemode.fs.readText("logs/run_1.txt"), 70,000 bytes');
    expect(shown).toContain("- images/chart.png (9,000 bytes, image/png)");
    expect(documentToText({ ...base, result: [1], artifacts: artifacts.slice(0, 1) }, { code: "" })).toBe(
      "[1]",
    );
  });

  it("says of a run that went well only what it returned", () => {
    const calls = [{ seq: 1, path: "crm.list", effect: "read" as const, ms: 3, ok: true }];
    expect(documentToText({ ...base, result: { a: 1 }, calls }, { code: "" })).toBe('{"a":1}');
    const failed = { ...calls[0], ok: false } as (typeof calls)[number];
    expect(documentToText({ ...base, result: 1, calls: [...calls, failed] }, { code: "" })).toBe(
      "1\n\nCalls: crm.list ×2 (1 failed)",
    );
  });
});
