/**
 * The code that looks at whatever an escape gets hold of. Evidence is something that makes code in a realm that
 * has `process`, or an object that is not of the snippet's own realm.
 */
export const take = `
const found = [];
const own = Object.prototype;
let looking = false;
const take = (value) => {
  // What it uses may be rewritten, and would ask it again without end.
  if (looking) return value;
  looking = true;
  try { look(value) } finally { looking = false }
  return value;
};
const look = (value) => {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return;
  let top;
  try { for (let at = value; at !== null; at = Object.getPrototypeOf(at)) top = at } catch { top = own }
  if (top !== own && top !== value) found.push("an object of another realm");
  for (const get of [() => value, () => value.constructor, () => value.constructor.constructor, () => top.constructor.constructor]) {
    try {
      const made = get()("return typeof process === 'object' && process !== null ? process : undefined");
      const got = typeof made === "function" ? made() : undefined;
      if (typeof got === "object" && got !== null && "env" in got) found.push("process");
    } catch {}
  }
};`;
