import process from 'node:process';
import { parseArgs } from 'node:util';
import { judge, type Language } from '../grading';
import { openLab } from './lab-cluster';
import { labIds, type LabFolder, readAnswer, readLab } from './labs';
import { formatReport } from './report';

const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function list(): Promise<number> {
  for (const id of labIds()) {
    const { definition } = await readLab(id);
    print(`${id}\t${definition.minutes} min\t${definition.title.ko} / ${definition.title.en}`);
  }
  return 0;
}

async function grade(id: string | undefined, answer: string | undefined, language: Language): Promise<number> {
  if (!id || !answer) throw new Error('grade needs a lab and --answer FOLDER');
  const lab = await readLab(id);
  const { report, applied } = judge(openLab(lab), lab, lab.checks, readAnswer(answer));
  print(applied.trimEnd());
  print(formatReport(report, language));
  return report.passed ? 0 : 1;
}

/** Everything that a lab's folder claims; the complaints. */
export function testLab(lab: LabFolder): string[] {
  const complaints: string[] = [];
  const run = (files: LabFolder['start']) => judge(openLab(lab), lab, lab.checks, files).report;
  if (run(lab.start).passed) complaints.push('start passes');
  for (const [name, files] of [['solution', lab.solution] as const, ...Object.entries(lab.accepted)]) {
    const report = run(files);
    if (!report.passed) complaints.push(`${name} does not pass:\n${formatReport(report, 'en')}`);
  }
  for (const [name, { files, expected }] of Object.entries(lab.wrong)) {
    const report = run(files);
    const result = report.results.find((entry) => entry.id === expected.check);
    if (result?.state !== 'failed') complaints.push(`wrong/${name}: check ${expected.check} is ${result?.state ?? 'missing'}\n${formatReport(report, 'en')}`);
    else {
      for (const language of ['ko', 'en'] as const) {
        if (!result.found[language].includes(expected.says[language])) complaints.push(`wrong/${name}: says "${result.found[language]}", not "${expected.says[language]}"`);
      }
      const at = result.location && `${result.location.file}:${result.location.line}`;
      if (expected.at !== undefined && at !== expected.at) complaints.push(`wrong/${name}: points at ${at}, not ${expected.at}`);
    }
  }
  return complaints;
}

async function test(id: string | undefined): Promise<number> {
  let wrong = 0;
  for (const lab of id ? [id] : labIds()) {
    const complaints = testLab(await readLab(lab));
    wrong += complaints.length;
    print(complaints.length === 0 ? `${lab}: as it should be` : `${lab}:\n${complaints.join('\n')}`);
  }
  return wrong === 0 ? 0 : 1;
}

/** npm run lab -- … */
export async function labCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { answer: { type: 'string' }, language: { type: 'string', default: 'en' } } });
  const [verb, id] = positionals;
  const language: Language = values.language === 'ko' ? 'ko' : 'en';
  if (verb === 'list') return list();
  if (verb === 'grade') return grade(id, values.answer, language);
  if (verb === 'test') return test(id);
  throw new Error('lab takes list, grade or test');
}
