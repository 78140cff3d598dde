/**
 * Makes an identifier of any upstream name, the same one every time. Collisions are solved where all the
 * names of a source are known.
 */

/** Words that cannot stand as a property a model writes, or that a program asks every object for. */
const reserved = new Set(
  (
    "break case catch class const continue debugger default delete do else enum export extends false finally for " +
    "function if implements import in instanceof interface let new null package private protected public return " +
    "static super switch this throw true try typeof var void while with yield await arguments eval undefined " +
    "constructor prototype __proto__ then toString toJSON valueOf hasOwnProperty isPrototypeOf " +
    "propertyIsEnumerable toLocaleString __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__"
  ).split(" "),
);

const maxLength = 120;

/**
 * `get-sum` → `get_sum`, `2fa` → `_2fa`, `delete` → `delete_`. Characters no identifier has become `_`, a
 * leading digit gets one before, a reserved word one after; the empty name becomes `_`.
 */
export function toIdentifier(name: string): string {
  const safe = name
    .slice(0, maxLength)
    .replaceAll(/[^\p{ID_Continue}$]|\p{Default_Ignorable_Code_Point}/gu, "_");
  if (safe === "") return "_";
  if (!/^[\p{ID_Start}$_]/u.test(safe)) return `_${safe}`;
  return reserved.has(safe) ? `${safe}_` : safe;
}
