import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LoadContext, Plugin } from '@docusaurus/types';
import { parse } from 'yaml';
import type { Lab, LabSummary } from '../components/lab/lab';
import { labSchema } from '../grading/lab';

/** The named files of a folder, by name and in that order; without names, all that it has. */
async function filesOf(folder: string, names?: readonly string[]): Promise<Record<string, string>> {
  const listed = names ?? (existsSync(folder) ? (await readdir(folder)).sort() : []);
  return Object.fromEntries(await Promise.all(listed.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')] as const)));
}

async function readLab(root: string, id: string): Promise<Lab> {
  const folder = path.join(root, id);
  const parsed = labSchema.safeParse(parse(await readFile(path.join(folder, 'lab.yaml'), 'utf8')));
  if (!parsed.success) throw new Error(`labs/${id}/lab.yaml: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`);
  const { cluster, files, ...definition } = parsed.data;
  const manifests = Object.values(await filesOf(path.join(folder, 'cluster'), cluster.manifests));
  return { ...definition, cluster: { ...cluster, manifests }, files: await filesOf(path.join(folder, 'start'), files), solution: await filesOf(path.join(folder, 'solution')) };
}

/** Labs that are complete: a folder that is still being written has no checks or lacks what lab.yaml names. */
async function labIds(root: string): Promise<string[]> {
  if (!existsSync(root)) return [];
  const definitions = (await readdir(root, { recursive: true })).filter((name) => path.basename(name) === 'lab.yaml').map((name) => path.dirname(name));
  return definitions.filter((id) => existsSync(path.join(root, id, 'checks.ts')));
}

/** Chapters as the course goes through them. */
const chapters = ['start', 'patterns', 'control-plane', 'node', 'addons', 'api', 'exam'];

/** Labs in the order of their lessons: by chapter, then by the lesson's sidebar_position. */
async function inCourseOrder(docs: string, labs: readonly Lab[]): Promise<Lab[]> {
  const placed = await Promise.all(labs.map(async (lab) => {
    const lesson = await readFile(path.join(docs, `${lab.lesson}.mdx`), 'utf8').catch(() => '');
    const position = Number(/^sidebar_position:\s*(\d+)/m.exec(lesson)?.[1] ?? 999);
    return { lab, order: chapters.indexOf(lab.lesson.split('/')[0] ?? '') * 1000 + position };
  }));
  return placed.sort((a, b) => a.order - b.order || (a.lab.id < b.lab.id ? -1 : 1)).map(({ lab }) => lab);
}

/** Turns labs/<chapter>/<lab>/ into modules: a small list for every page, and each lab as a file of its own. */
export default function labs({ siteDir }: LoadContext): Plugin<unknown> {
  const root = path.join(siteDir, 'labs');
  return {
    name: 'kube-dojang-labs',
    getPathsToWatch: () => [`${root}/**/*.{yaml,mdx,ts}`],
    loadContent: async () => inCourseOrder(path.join(siteDir, 'docs'), await Promise.all((await labIds(root)).map((id) => readLab(root, id)))),
    async contentLoaded({ content: loaded, actions }) {
      const content = loaded as Lab[];
      const summaries: LabSummary[] = content.map(({ id, title, summary, minutes, lesson }) => ({ id, title, summary, minutes, lesson }));
      await actions.createData('summaries.mjs', `export const summaries = ${JSON.stringify(summaries)};\n`);
      const entries = await Promise.all(content.map(async (lab) => {
        const data = await actions.createData(`${lab.id.replaceAll('/', '--')}.json`, JSON.stringify(lab));
        const texts = ['ko', 'en'].filter((locale) => existsSync(path.join(root, lab.id, `task.${locale}.mdx`)));
        const tasks = texts.map((locale) => `, ${locale}: () => import(${JSON.stringify(`@site/labs/${lab.id}/task.${locale}.mdx`)})`);
        return `  ${JSON.stringify(lab.id)}: { lab: () => import(${JSON.stringify(data)})${tasks.join('')} },\n`;
      }));
      await actions.createData('labs.mjs', `export const labs = {\n${entries.join('')}};\n`);
      const loaders = content.map((lab) => `  ${JSON.stringify(lab.id)}: () => import(${JSON.stringify(`@site/labs/${lab.id}/checks.ts`)}),\n`);
      await actions.createData('checks.mjs', `export const checks = {\n${loaders.join('')}};\n`);
    },
  };
}
