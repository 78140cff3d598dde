/**
 * Makes a random program out of a seed: calls that settle in any order, nested `all`, `race`, `any` and
 * `allSettled`, timers, catches, clocks, random numbers and ids. Everything it sees goes into `trace`.
 */

/** Mulberry32: small, seeded, good enough to choose by. */
export function createChoice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** The program pauses once before its end, and returns what it also logged before the pause. */
export function generateProgram(seed: number): string {
  const choose = createChoice(seed);
  const statements = Array.from({ length: 2 + choose(5) }, () => statement(choose, 3));
  return [
    "const trace = [];",
    "const note = (name) => (value) => { trace.push([name, value instanceof Error ? value.code ?? value.name : value ?? null, Date.now(), Math.random()]); return value; };",
    "let n = 0;",
    "const call = (ms) => tools.upstream.work({ id: ++n, ms });",
    ...statements,
    "const seen = JSON.stringify(trace);",
    "console.log(seen);",
    "await tools.upstream.write({});",
    "return seen;",
  ].join("\n");
}

function statement(choose: (below: number) => number, depth: number): string {
  switch (choose(5)) {
    case 0:
      return `trace.push([crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(3))], performance.now(), new Date().toISOString()]);`;
    case 1:
      return `for (let i = 0; i < ${1 + choose(3)}; i += 1) note("loop")(await ${promise(choose, depth)});`;
    case 2:
      return `try { note("tried")(await ${promise(choose, depth)}); } catch (error) { note("caught")(error); } finally { note("finally")(n); }`;
    case 3:
      return `{ const loose = ${promise(choose, depth)}.then(note("loose"), note("lost")); await ${promise(choose, depth)}.catch(note("caught")); await loose; }`;
    default:
      return `note("step")(await ${promise(choose, depth)}.catch(note("caught")));`;
  }
}

function promise(choose: (below: number) => number, depth: number): string {
  if (depth === 0) return leaf(choose);
  const several = (): string =>
    `[${Array.from({ length: 1 + choose(4) }, () => promise(choose, depth - 1)).join(", ")}]`;
  switch (choose(8)) {
    case 0:
      return `Promise.all(${several()})`;
    case 1:
      return `Promise.race(${several()})`;
    case 2:
      return `Promise.any(${several()}).catch((error) => error.errors.length)`;
    case 3:
      return `Promise.allSettled(${several()}).then((all) => all.map((each) => each.status))`;
    case 4:
      return `${promise(choose, depth - 1)}.then(note("then")).then((value) => value)`;
    case 5:
      return `(async () => { const value = await ${promise(choose, depth - 1)}; note("inner")(value); return ${promise(choose, depth - 1)}; })()`;
    default:
      return leaf(choose);
  }
}

function leaf(choose: (below: number) => number): string {
  switch (choose(6)) {
    case 0:
      return `new Promise((resolve) => setTimeout(resolve, ${choose(6)}, "timer"))`;
    case 1:
      return `tools.upstream.fail({ id: ++n, ms: ${choose(4)} })`;
    case 2:
      return `codemode.describe("upstream.work").then((text) => text.length)`;
    default:
      return `call(${choose(6)})`;
  }
}
