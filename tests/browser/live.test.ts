import { expect, test } from 'vitest';
import { ui } from '../../src/components/text/ui';
import { benchOf, lesson, ready } from './bench';
import { asReader, locales } from './course';

test.each(locales)('a lesson\'s commands run on a cluster in the state that its text speaks of (%s)', async (locale) => {
  await asReader(locale, async ({ page, t, visit }) => {
    await visit(lesson);
    const live = page.getByRole('region', { name: t(ui.tryHere) });
    await live.getByRole('button', { name: 'kubectl logs web' }).press('Enter');
    const screen = live.getByRole('list').filter({ hasText: 'workstation:' });
    await screen.filter({ hasText: 'start worker processes' }).waitFor({ state: 'attached' });
    expect(await screen.textContent()).not.toContain('GET /');
    // The visitor comes every three seconds, so that the first look may be too early.
    const visits = screen.filter({ hasText: '"GET / HTTP/1.1" 200' });
    for (let look = 0; look < 10 && (await visits.count()) === 0; look++) {
      await live.getByRole('button', { name: 'kubectl exec web -- tail -n 3 /var/log/nginx/visits.log' }).press('Enter');
      await visits.waitFor({ state: 'attached', timeout: 3000 }).catch(() => undefined);
    }
    expect(await visits.count()).toBe(1);
  });
});

test('a command of a task is put at the prompt, to be run by Enter', async () => {
  await asReader('ko', async (reader) => {
    await reader.visit(`${lesson}?lab=patterns/sidecar-log`);
    await ready(reader);
    const { lab, terminal } = benchOf(reader);
    await lab.getByRole('button', { name: /kubectl delete pod web$/ }).press('Enter');
    await terminal.getByRole('list').filter({ hasText: 'kubectl delete pod web' }).waitFor({ state: 'attached' });
    await reader.page.keyboard.press('Enter');
    await terminal.getByRole('list').filter({ hasText: 'pods "web" not found' }).waitFor({ state: 'attached' });
  });
});
