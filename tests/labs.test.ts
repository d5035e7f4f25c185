import { isMap, isScalar, isSeq, parseAllDocuments, stringify } from 'yaml';
import { describe, expect, test } from 'vitest';
import { testLab } from '../src/cli/lab';
import { openLab } from '../src/cli/lab-cluster';
import { labIds, type LabFolder, readLab } from '../src/cli/labs';
import { type Files, judge } from '../src/grading';

/** A change of one field of a solution, named by file, document and path. */
interface Mutation {
  readonly name: string;
  readonly files: Files;
}

type Path = readonly (string | number)[];

function* pathsOf(node: unknown, path: Path = []): Generator<Path> {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const next = [...path, isScalar(key) ? String(key.value) : ''];
      yield next;
      yield* pathsOf(value, next);
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      yield [...path, index];
      yield* pathsOf(item, [...path, index]);
    }
  }
}

/** Every field of the solution left out, one at a time; kind, apiVersion and the like aside, without which nothing is applied. */
function* mutationsOf(files: Files): Generator<Mutation> {
  for (const [file, text] of Object.entries(files)) {
    const documents = parseAllDocuments(text);
    for (const [index, document] of documents.entries()) {
      if ('empty' in document) continue;
      for (const path of pathsOf(document.contents)) {
        if (path[0] === 'apiVersion' || path[0] === 'kind') continue;
        const objects = parseAllDocuments(text).map((one) => one.toJS() as unknown);
        const changed = parseAllDocuments(text)[index];
        changed?.deleteIn(path);
        objects[index] = changed?.toJS();
        yield { name: `${file} ${index} ${path.join('.')}`, files: { ...files, [file]: objects.map((object) => stringify(object)).join('---\n') } };
      }
    }
  }
}

const passes = (lab: LabFolder, files: Files): boolean => judge(openLab(lab), lab, lab.checks, files).report.passed;

describe.each(labIds())('%s', (id) => {
  test('start fails, solution and accepted answers pass, wrong answers fail as intended', { timeout: 120_000 }, async () => {
    expect(testLab(await readLab(id))).toEqual([]);
  });

  test('no mutated solution passes unnoticed', { timeout: 240_000 }, async () => {
    const lab = await readLab(id);
    const surviving = [...mutationsOf(lab.solution)].filter(({ files }) => passes(lab, files)).map(({ name }) => name);
    expect(surviving).toEqual(lab.equivalent);
  });

  test('reading twice what the cluster does gives the same verdict', { timeout: 60_000 }, async () => {
    const lab = await readLab(id);
    const once = judge(openLab(lab), lab, lab.checks, lab.solution);
    expect(judge(openLab(lab), lab, lab.checks, lab.solution)).toEqual(once);
  });
});
