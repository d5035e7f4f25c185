import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { apply, benchOf, openLab, paste, ready, shows, solution, type, writeFile } from './bench';
import { asReader } from './course';

/** Milliseconds that nothing may hold the page's thread. */
const longest = 200;

/** From now on notes every task of the page that takes more than 50 ms; gives the longest so far. */
async function watchTasks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const tasks: number[] = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
    Object.assign(window, { longTasks: tasks });
  });
  return () => page.evaluate(() => Math.max(0, ...(window as unknown as { readonly longTasks: readonly number[] }).longTasks));
}

test('a command that prints forever does not hold the page, and Ctrl-C ends it', async () => {
  await asReader('en', async (reader) => {
    const { page } = reader;
    await openLab(reader);
    await page.waitForTimeout(1_000);
    const longestTask = await watchTasks(page);
    await type(reader, 'while true; do echo x; done', /x\s*x\s*x/);
    await page.waitForTimeout(3_000);
    await page.keyboard.press('Control+C');
    await type(reader, 'echo sur""vived', 'survived');
    expect(await longestTask()).toBeLessThan(longest);
  });
});

test('a fork bomb in the shell is survived', async () => {
  await asReader('ko', async (reader) => {
    const { page } = reader;
    await openLab(reader);
    const longestTask = await watchTasks(page);
    await type(reader, 'b() { b | b & }; b');
    await page.waitForTimeout(3_000);
    await page.keyboard.press('Control+C');
    expect(await longestTask()).toBeLessThan(longest);
    await writeFile(reader, solution);
    await apply(reader, 'pod/web created');
  });
});

test('ten megabytes in the editor are refused clearly, and the page goes on', async () => {
  const large = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: large\ndata:\n  text: |\n${`    ${'x'.repeat(95)}\n`.repeat(100_000)}`;
  await asReader('en', async (reader) => {
    await openLab(reader);
    await writeFile(reader, large);
    await apply(reader, /too (large|long)/i);
    await reader.page.keyboard.press('Control+A');
    await paste(reader, solution);
    await apply(reader, 'pod/web created');
    await benchOf(reader).terminalText.focus();
    await type(reader, 'wc -l web.yaml');
    await shows(reader, `${solution.split('\n').length - 1} web.yaml`);
  });
});

test('ten thousand Pods for two nodes leave the page usable, and a reload loses nothing', async () => {
  await asReader('en', async (reader) => {
    const { page } = reader;
    await openLab(reader);
    const edited = `# kept\n${solution}`;
    await writeFile(reader, edited);
    await type(reader, 'kubectl create deployment many --image=nginx:1.27 --replicas=10000', 'deployment.apps/many created');
    const { map } = benchOf(reader);
    const undrawn = async (): Promise<number> => Math.max(0, ...(await map.getByText(/more Pods/).allInnerTexts()).map((text) => Number.parseInt(text, 10)));
    await expect.poll(undrawn, { timeout: 150_000, interval: 1_000 }).toBeGreaterThan(9_000);
    expect(await map.getByRole('listitem').count()).toBeLessThan(500);
    await type(reader, 'kubectl get deployment many', /many +\d+\/10000/);

    await page.reload();
    await ready(reader);
    await expect.poll(() => benchOf(reader).editor.getByText('# kept').count()).toBeGreaterThan(0);
    await benchOf(reader).editorText.focus();
    await apply(reader, 'pod/web created');
  });
}, 300_000);
