import { expect, test } from 'vitest';
import { ui } from '../../src/components/text/ui';
import { apply, benchOf, earnStamp, openLab, ready, shows, solution, stamp, type, writeFile } from './bench';
import { asReader } from './course';

test('a reload keeps files, stamp and cluster; starting over brings back the start and leaves the stamp', async () => {
  await asReader('ko', async (reader) => {
    const { page, t } = reader;
    const { lab, editor, map } = benchOf(reader);
    await openLab(reader);
    await writeFile(reader, `# Mine\n${solution}`);
    await apply(reader, 'pod/web created');
    await earnStamp(reader);
    await type(reader, "echo 'a: b' >kept.yaml; kubectl create configmap kept --from-literal=a=b", 'configmap/kept created');
    const uid = "kubectl get pod web -o jsonpath='{\"uid \"}{.metadata.uid}{\"\\n\"}'";
    await type(reader, uid, /uid [0-9a-f]{8}-/);
    const before = /uid ([0-9a-f]{8})/.exec((await benchOf(reader).terminal.getByRole('list').first().textContent()) ?? '')?.[1] ?? 'none';
    await page.waitForTimeout(3_000);
    await page.reload();
    await ready(reader);
    await editor.getByText('# Mine').first().waitFor();
    await editor.getByRole('tab', { name: 'kept.yaml' }).waitFor();
    await stamp(reader).waitFor();
    await type(reader, `${uid}; kubectl get configmap kept`, `uid ${before}`);
    await shows(reader, /kept +1 /);
    await map.getByText('shipper').first().waitFor();

    await lab.getByRole('button', { name: t(ui.reset), exact: true }).press('Enter');
    await page.getByRole('dialog', { name: t(ui.reset) }).getByRole('button', { name: t(ui.reset) }).press('Enter');
    await ready(reader);
    await expect.poll(() => editor.getByText('# Mine').count(), { timeout: 20_000 }).toBe(0);
    await stamp(reader).waitFor();
    await type(reader, 'ls; kubectl get pod web', 'pods "web" not found');
    expect(await editor.getByRole('tab').count()).toBe(1);
  });
});

test('progress that is exported brings its stamps to another browser', async () => {
  let exported = '';
  await asReader('en', async (reader) => {
    const { page, t } = reader;
    await openLab(reader);
    await writeFile(reader, solution);
    await apply(reader, 'pod/web created');
    await earnStamp(reader);
    const download = page.waitForEvent('download');
    await benchOf(reader).lab.getByRole('button', { name: t(ui.export) }).press('Enter');
    exported = await (await download).path();
    expect((await download).suggestedFilename()).toBe('kube-dojang-progress.json');
    await asReader('ko', async (other) => {
      await other.visit('stamps');
      const stamps = other.page.getByRole('main').getByRole('listitem').filter({ hasText: /도장 받음/ });
      expect(await stamps.count()).toBe(0);
      const chooser = other.page.waitForEvent('filechooser');
      await other.page.getByRole('button', { name: other.t(ui.import) }).press('Enter');
      await (await chooser).setFiles(exported);
      await stamps.waitFor();
      await other.page.reload();
      await stamps.waitFor();
    });
  });
});
