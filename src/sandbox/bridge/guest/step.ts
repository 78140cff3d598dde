/**
 * `codemode.step(name, fn)`: a named stretch of work whose outcome is the same on replay. Everything a snippet
 * can do is journaled by call or deterministic already, so the function simply runs.
 */
export function createStep(): ReadonlyMap<string, unknown> {
  const step = async (name: unknown, work: unknown): Promise<unknown> => {
    if (typeof name !== "string" || typeof work !== "function") {
      throw new TypeError('codemode.step takes a name and a function: codemode.step("name", async () => …).');
    }
    return await work();
  };
  return new Map([["step", step]]);
}
