import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { type Check, type Expectation, expectationSchema, type Files, type Lab, labSchema } from '../grading';

/** A lab as its folder holds it. */
export interface LabFolder extends Lab {
  readonly folder: string;
  readonly checks: readonly Check[];
  /** Other right answers by name. */
  readonly accepted: Readonly<Record<string, Files>>;
  /** Fields of the solution that change nothing when they are left out: file, document, path. */
  readonly equivalent: readonly string[];
  /** Typical wrong answers by name, with what they must be told. */
  readonly wrong: Readonly<Record<string, { readonly files: Files; readonly expected: Expectation }>>;
}

/** Where the labs are, seen from this file. */
export const labsFolder = path.resolve(import.meta.dirname, '../../labs');

/** The files of a folder, without expect.yaml. */
export function readAnswer(folder: string): Files {
  if (!existsSync(folder)) throw new Error(`${folder}: no such folder`);
  const names = readdirSync(folder).filter((name) => name !== 'expect.yaml' && statSync(path.join(folder, name)).isFile());
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}

const subfolders = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).filter((name) => statSync(path.join(folder, name)).isDirectory()).sort() : []);

/** The ids of all labs: chapter/lab. */
export const labIds = (root = labsFolder): string[] => subfolders(root).flatMap((chapter) => subfolders(path.join(root, chapter)).filter((lab) => existsSync(path.join(root, chapter, lab, 'lab.yaml'))).map((lab) => `${chapter}/${lab}`));

/** Reads and checks a lab's folder. Throws an Error that names the file and what is wrong with it. */
export async function readLab(id: string, root = labsFolder): Promise<LabFolder> {
  const folder = path.join(root, id);
  if (!existsSync(path.join(folder, 'lab.yaml'))) throw new Error(`there is no lab ${id}; the labs are ${labIds(root).join(', ')}`);
  const parsed = labSchema.safeParse(parse(readFileSync(path.join(folder, 'lab.yaml'), 'utf8')));
  if (!parsed.success) throw new Error(`labs/${id}/lab.yaml: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`);
  const { default: checks } = (await import(pathToFileURL(path.join(folder, 'checks.ts')).href)) as { default: readonly Check[] };
  const answers = (kind: string) => subfolders(path.join(folder, kind)).map((name) => [name, readAnswer(path.join(folder, kind, name))] as const);
  return {
    folder,
    definition: parsed.data,
    manifests: parsed.data.cluster.manifests.map((name) => readFileSync(path.join(folder, 'cluster', name), 'utf8')),
    start: readAnswer(path.join(folder, 'start')),
    solution: readAnswer(path.join(folder, 'solution')),
    checks,
    equivalent: existsSync(path.join(folder, 'equivalent.yaml')) ? (parse(readFileSync(path.join(folder, 'equivalent.yaml'), 'utf8')) as string[]) : [],
    accepted: Object.fromEntries(answers('accepted')),
    wrong: Object.fromEntries(answers('wrong').map(([name, files]) => [name, { files, expected: expectationSchema.parse(parse(readFileSync(path.join(folder, 'wrong', name, 'expect.yaml'), 'utf8'))) }])),
  };
}
