/**
 * Makes a program readable to the unprivileged user of a sandbox. Below a folder that only root may enter
 * (`/root`, where npm keeps what `npx` fetched) that user could not even start it: such a file or folder is
 * copied once to where it can, and kept for later starts.
 */
import { createHash, randomUUID } from "node:crypto";
import { chmod, cp, link, lstat, mkdir, readdir, realpath, rename, rm, utimes } from "node:fs/promises";
import { basename, join } from "node:path";
import { isOpenToAll, userStateFolder } from "./user-state-folder.ts";

/** Where every user can read it: the path itself, or that of a copy. */
export async function stageReadable(path: string): Promise<string> {
  const real = await realpath(path);
  if ((await isOpenToAll(path)) && (await isOpenToAll(real))) return path;
  const { size, mtimeMs, ino } = await lstat(real);
  const key = createHash("sha256")
    .update(JSON.stringify([real, size, mtimeMs, ino]))
    .digest("hex");
  const folder = join(await userStateFolder(), `staged-${key.slice(0, 16)}`);
  const staged = join(folder, basename(path));
  const kept = await utimes(folder, new Date(), new Date()).then(
    () => true,
    () => false,
  );
  if (!kept) await stage(real, { folder, staged });
  return staged;
}

/** Built aside and moved into place whole, since two hosts may start at once. */
async function stage(source: string, { folder, staged }: { folder: string; staged: string }): Promise<void> {
  const draft = `${folder}-${randomUUID().slice(0, 8)}`;
  await mkdir(draft, { mode: 0o711 });
  const target = join(draft, basename(staged));
  const found = await lstat(source);
  const isPublic = found.isFile() && (found.mode & 0o005) === 0o005;
  const linked =
    isPublic &&
    (await link(source, target).then(
      () => true,
      () => false,
    ));
  if (!linked) {
    await cp(source, target, { recursive: true, dereference: true });
    await openToAll(target);
  }
  await chmod(draft, 0o711);
  await rename(draft, folder).catch(async (thrown: unknown) => {
    await rm(draft, { recursive: true, force: true });
    if (!(await lstat(staged).catch(() => undefined))) throw thrown;
  });
}

async function openToAll(path: string): Promise<void> {
  const found = await lstat(path);
  if (!found.isDirectory()) return chmod(path, (found.mode & 0o111) === 0 ? 0o444 : 0o555);
  await chmod(path, 0o755);
  for (const name of await readdir(path)) await openToAll(join(path, name));
}
