/**
 * File names for names of strangers: none leads out of its folder, none is another's on a file system that
 * ignores case, and none is a device of Windows.
 */
export interface FileNames {
  /** The name, or one like it that is free in this folder. The same for the same names in the same order. */
  take(wish: string): string;
}

const devices = /^(?:con|prn|aux|nul|com\d|lpt\d|clock\$)$/i;
const maxLength = 100;

/** `taken` are names that are in use already. */
export function createFileNames(taken: readonly string[] = []): FileNames {
  const used = new Set(taken.map((name) => name.toLowerCase()));
  return {
    take(wish) {
      const safe = wish
        .normalize("NFC")
        .replaceAll(/[^\p{L}\p{Nd}_$-]/gu, "_")
        .slice(0, maxLength)
        .replace(/[\uD800-\uDBFF]$/, "");
      const base = safe === "" ? "_" : devices.test(safe) ? `${safe}_` : safe;
      let name = base;
      for (let count = 2; used.has(name.toLowerCase()); count += 1) name = `${base}_${count}`;
      used.add(name.toLowerCase());
      return name;
    },
  };
}
