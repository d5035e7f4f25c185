import { expect, test } from 'vitest';
import { lesson } from './bench';
import { asReader, locales } from './course';

/** Bytes of compressed JavaScript that a lesson may need before its lab is opened. */
const allowed = 200_000;

test.each(locales)('a lesson needs at most 200 KB of compressed JavaScript before its lab is opened (%s)', async (locale) => {
  await asReader(locale, async (reader) => {
    await reader.visit(lesson);
    await reader.page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
    await reader.page.waitForLoadState('networkidle');
    // Not what Docusaurus prefetches for the pages that links in view lead to, once this page is there.
    const scripts = await reader.page.evaluate(() => {
      const own = new Set([...document.scripts].map(({ src }) => src));
      const loaded = performance.getEntriesByType('resource').filter((entry): entry is PerformanceResourceTiming => entry instanceof PerformanceResourceTiming && own.has(entry.name));
      return [...new Map(loaded.reverse().map(({ name, encodedBodySize, decodedBodySize }) => [name, { name, encodedBodySize, decodedBodySize }])).values()];
    });
    expect(scripts.length).toBeGreaterThan(1);
    const sum = scripts.reduce((bytes, { encodedBodySize }) => bytes + encodedBodySize, 0);
    expect(sum).toBeLessThan(scripts.reduce((bytes, { decodedBodySize }) => bytes + decodedBodySize, 0));
    expect(sum, JSON.stringify(scripts)).toBeLessThanOrEqual(allowed);
  });
});

test('a page that is not there says so in its language, and keeps the policy', async () => {
  for (const locale of locales) {
    await asReader(locale, async ({ page, visit, problems }) => {
      await visit('nowhere');
      await page.getByText(locale === 'ko' ? '페이지를 찾을 수 없습니다' : 'Page not found').first().waitFor();
      expect(problems.filter((problem) => !/404/.test(problem))).toEqual([]);
      (problems as string[]).length = 0;
    });
  }
});
