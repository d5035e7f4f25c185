import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LoadContext, Plugin } from '@docusaurus/types';

/** What a reader's browser may keep; a page goes by its address: no ending, no index. */
const wanted = /\.(html|js|css|svg|woff2|png|ttf)$/;
const addressOf = (file: string): string => file.replace(/(^|\/)index\.html$/, '').replace(/\.html$/, '');

/** Each file of one language's build by its address, with its SHA-256. */
async function listOf(folder: string, otherLanguages: readonly string[]): Promise<Record<string, string>> {
  const entries = (await readdir(folder, { recursive: true })).map((entry) => entry.split(path.sep).join('/')).sort();
  const list: Record<string, string> = {};
  for (const entry of entries) {
    if (!wanted.test(entry) || entry === 'service-worker.js' || otherLanguages.some((language) => entry.startsWith(`${language}/`))) continue;
    if ((await stat(path.join(folder, entry))).isFile()) list[addressOf(entry)] = createHash('sha256').update(await readFile(path.join(folder, entry))).digest('hex');
  }
  return list;
}

/** Gives each language's build a service worker that knows every file of it. Comes after whatever else changes pages. */
export default function offline({ i18n }: LoadContext): Plugin {
  return {
    name: 'kube-dojang-offline',
    getClientModules: () => [path.resolve('src/components/offline/register.ts')],
    async postBuild({ outDir }) {
      const files = JSON.stringify(await listOf(outDir, i18n.locales.filter((locale) => locale !== i18n.currentLocale)));
      const version = createHash('sha256').update(files).digest('hex').slice(0, 16);
      const code = await readFile(path.resolve('src/components/offline/service-worker.js'), 'utf8');
      await writeFile(path.join(outDir, 'service-worker.js'), `const version = '${version}';\nconst files = ${files};\n${code}`);
    },
  };
}
