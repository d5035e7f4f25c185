import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Everything that the built course depends on. */
const sources = ['docs', 'i18n', 'labs', 'src', 'static', 'docusaurus.config.ts', 'sidebars.ts', 'package-lock.json'];

/** Of a file's content. */
export async function hashOf(file) {
  return createHash('sha256').update(await readFile(file)).digest('hex');
}

async function filesUnder(root, name) {
  const folder = path.join(root, name);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [name];
  return entries.filter((entry) => entry.isFile()).map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)));
}

/** Changes when any source of the course does, or where it is to be served. Tests are no sources. */
export async function fingerprint(root) {
  const names = (await Promise.all(sources.map((name) => filesUnder(root, name)))).flat().filter((name) => !name.endsWith('.test.ts')).sort();
  const hash = createHash('sha256').update(`${process.env.BASE_URL ?? ''} ${process.env.SITE_URL ?? ''}\n`);
  for (const name of names) hash.update(`${name} ${await hashOf(path.join(root, name))}\n`);
  return hash.digest('hex');
}
