import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { phrase } from '../../src/components/text/ui';
import { apply, benchOf, markedLines, openLab, solution, wrong, writeFile } from './bench';
import { asReader, locales } from './course';

const lineOf = (text: string, part: string): number => text.split('\n').findIndex((line) => line.includes(part)) + 1;

interface Expectation {
  readonly says: { readonly ko: string; readonly en: string };
  readonly at: string;
}

test.each(locales)('a wrong answer is told what was found, and the guilty line is marked (%s)', async (locale) => {
  const expected = parse(readFileSync('labs/patterns/sidecar-log/wrong/wrong-path/expect.yaml', 'utf8')) as Expectation;
  const line = Number(expected.at.split(':')[1]);
  await asReader(locale, async (reader) => {
    const { page, t } = reader;
    const { checks, editorText } = benchOf(reader);
    await openLab(reader);
    await writeFile(reader, wrong('wrong-path'));
    await apply(reader, 'pod/web created');
    await page.keyboard.press('Control+Enter');
    await checks.getByText(t(expected.says)).waitFor();
    await checks.getByRole('button', { name: t(phrase.line('web.yaml', line)) }).press('Enter');
    expect(await editorText.evaluate((element) => element === document.activeElement)).toBe(true);
    await expect.poll(() => markedLines(reader), { timeout: 10_000 }).toEqual([line]);
  });
});

test('a manifest that is no YAML shows its line, in the editor and in the answer', async () => {
  const broken = solution.replace('name: shipper', 'name: "shipper');
  await asReader('ko', async (reader) => {
    await openLab(reader);
    await writeFile(reader, broken);
    await apply(reader, /error parsing web\.yaml: error converting YAML to JSON: yaml: line \d+/);
    await expect.poll(async () => {
      await reader.page.keyboard.press('F8');
      return markedLines(reader);
    }, { timeout: 30_000, interval: 500 }).toEqual([lineOf(broken, '"shipper')]);
    await benchOf(reader).editor.getByText('닫는 따옴표가 없습니다').first().waitFor();
  });
});

test('a field that Kubernetes does not know is marked on its line, and refused by name', async () => {
  const unknown = solution.replace('image: busybox:1.36', 'imagee: busybox:1.36');
  await asReader('en', async (reader) => {
    await openLab(reader);
    await writeFile(reader, unknown);
    await apply(reader, /unknown field "spec\.containers\[1\]\.imagee"/);
    await expect.poll(() => markedLines(reader), { timeout: 30_000 }).toContain(lineOf(unknown, 'imagee'));
  });
});

test('a kind that Kubernetes does not know is refused by name', async () => {
  await asReader('ko', async (reader) => {
    await openLab(reader);
    await writeFile(reader, 'apiVersion: dojang.example/v1\nkind: Gadget\nmetadata:\n  name: one\n');
    await apply(reader, /no matches for kind "Gadget" in version "dojang\.example\/v1"/);
  });
});
