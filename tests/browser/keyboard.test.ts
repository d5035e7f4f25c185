import { expect, test } from 'vitest';
import { ui } from '../../src/components/text/ui';
import { words } from '../../src/components/home/words';
import { apply, benchOf, earnStamp, paste, ready, shows, solution, tabTo } from './bench';
import { asReader, locales, type Reader } from './course';

const titles = { ko: /사이드카/, en: /[Ss]idecar/ };

/** From the home page into the open lab without a mouse. */
async function walkToLab(reader: Reader): Promise<void> {
  const { page, t, locale } = reader;
  await reader.visit();
  await tabTo(reader, page.getByRole('link', { name: t(words.begin) }));
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/course$/);
  await tabTo(reader, page.getByRole('main').getByRole('link', { name: titles[locale] }));
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/course\/patterns\/sidecar-log$/);
  await tabTo(reader, page.getByRole('button', { name: t(ui.openLab) }));
  await page.keyboard.press('Enter');
  await ready(reader);
}

async function walkOutAndSeeStamp(reader: Reader): Promise<void> {
  const { page, t, locale } = reader;
  await tabTo(reader, benchOf(reader).lab.getByRole('button', { name: t(ui.close), exact: true }), { backwards: true });
  await page.keyboard.press('Enter');
  await benchOf(reader).lab.waitFor({ state: 'detached' });
  const card = page.getByRole('region', { name: new RegExp(`^${t(ui.lab)}: `) });
  expect(await card.getByRole('button', { name: t(ui.resumeLab) }).evaluate((button) => button === document.activeElement)).toBe(true);
  await card.getByText(locale === 'ko' ? /도장 받음/ : /Stamped on/).waitFor();
}

test.each(locales)('by keyboard alone, a reader goes from the home page to a stamp with the editor (%s)', async (locale) => {
  await asReader(locale, async (reader) => {
    await walkToLab(reader);
    await tabTo(reader, benchOf(reader).editorText);
    await reader.page.keyboard.press('Control+A');
    await paste(reader, solution);
    await apply(reader, 'pod/web created');
    await earnStamp(reader);
    await walkOutAndSeeStamp(reader);
  });
});

test.each(locales)('by keyboard alone, a reader goes from the home page to a stamp with kubectl in the terminal (%s)', async (locale) => {
  await asReader(locale, async (reader) => {
    const { keyboard } = reader.page;
    await walkToLab(reader);
    await tabTo(reader, benchOf(reader).editorText);
    await tabTo(reader, benchOf(reader).terminalText);
    await keyboard.type('kubectl apply -f web.yaml');
    await keyboard.press('Enter');
    await shows(reader, 'pod/web created');
    await keyboard.type("cat >web.yaml <<'EOF'");
    await keyboard.press('Enter');
    await paste(reader, `# By the terminal\n${solution}EOF\n`);
    await keyboard.type('kubectl replace --force -f web.yaml');
    await keyboard.press('Enter');
    await shows(reader, 'pod/web replaced');
    await benchOf(reader).editor.getByText('By the terminal').first().waitFor();
    await earnStamp(reader);
    await walkOutAndSeeStamp(reader);
  });
});
