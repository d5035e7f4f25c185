import axe, { type AxeResults } from 'axe-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { apply, benchOf, lesson, openLab, wrong, writeFile } from './bench';
import { asReader, locales, type Reader } from './course';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe holds against the page as it stands: rule, element, why. */
async function violations({ page }: Reader): Promise<string[]> {
  await page.evaluate(`${source}; 0`);
  const { violations: found } = await page.evaluate(() => (window as unknown as { readonly axe: typeof axe }).axe.run(document)) satisfies AxeResults;
  return found.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary?.replace(/\s+/g, ' ') ?? ''}`));
}

const cases = locales.flatMap((locale) => (['light', 'dark'] as const).map((colorScheme) => ({ locale, colorScheme })));

test.each(cases)('axe finds nothing on the pages ($locale, $colorScheme)', async ({ locale, colorScheme }) => {
  await asReader(locale, async (reader) => {
    await reader.visit();
    await reader.page.getByRole('status').filter({ hasText: 'deployment.apps/hall created' }).waitFor();
    expect.soft(await violations(reader), 'home').toEqual([]);
    for (const name of ['course', lesson, 'stamps']) {
      await reader.visit(name);
      await reader.page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
      expect.soft(await violations(reader), name).toEqual([]);
    }
  }, { colorScheme });
});

test.each(cases)('axe finds nothing on a lab that was graded ($locale, $colorScheme)', async ({ locale, colorScheme }) => {
  await asReader(locale, async (reader) => {
    await openLab(reader);
    expect.soft(await violations(reader), 'opened').toEqual([]);
    await writeFile(reader, wrong('wrong-path'));
    await apply(reader, 'pod/web created');
    await reader.page.keyboard.press('Control+Enter');
    await benchOf(reader).checks.getByRole('button').first().waitFor();
    expect.soft(await violations(reader), 'graded').toEqual([]);
  }, { colorScheme });
});
