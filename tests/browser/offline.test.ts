import { expect, test } from 'vitest';
import { apply, benchOf, lesson, openLab, ready, solution, writeFile } from './bench';
import { asReader } from './course';

test('once a lab was opened, the course and its labs open again without a network', async () => {
  await asReader('en', async (reader) => {
    const { page, context, visit } = reader;
    await openLab(reader);
    const kept = (): Promise<string[]> => page.evaluate(async () => {
      const [name] = await caches.keys();
      return name === undefined ? [] : (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
    });
    let before = -1;
    await expect.poll(async () => {
      const now = (await kept()).length;
      const settled = now > 30 && now === before;
      before = now;
      return settled;
    }, { timeout: 150_000, interval: 5_000 }).toBe(true);
    expect((await kept()).filter((path) => !path.startsWith('/en/'))).toEqual([]);

    await context.setOffline(true);
    await visit('course/patterns/adapter');
    await page.getByRole('main').getByRole('heading', { level: 1, name: 'Adapter' }).waitFor();
    await visit(`${lesson}?lab=patterns/sidecar-log`);
    await ready(reader);
    await benchOf(reader).lab.getByText('You are offline').waitFor();
    await writeFile(reader, solution);
    await apply(reader, 'pod/web created');
    (reader.problems as string[]).splice(0);
  });
}, 400_000);
