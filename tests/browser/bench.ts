import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { ui } from '../../src/components/text/ui';
import type { Reader } from './course';

export const lesson = 'course/patterns/sidecar-log';
const folder = 'labs/patterns/sidecar-log';
export const start = readFileSync(`${folder}/start/web.yaml`, 'utf8');
export const solution = readFileSync(`${folder}/solution/web.yaml`, 'utf8');
/** One of the lab's catalogued wrong answers. */
export const wrong = (name: string): string => readFileSync(`${folder}/wrong/${name}/web.yaml`, 'utf8');

const swallowsTab = (): boolean => document.activeElement?.matches('textarea, [role=textbox]') ?? false;

/** Presses Tab until the element, or something in it, has the focus; Esc lets it out of editor and terminal. */
export async function tabTo({ page }: Reader, target: Locator, { backwards = false } = {}): Promise<void> {
  await target.first().waitFor({ state: 'attached' });
  for (let press = 0; press < 150; press += 1) {
    if (await page.evaluate(swallowsTab)) await page.keyboard.press('Escape');
    await page.keyboard.press(backwards ? 'Shift+Tab' : 'Tab');
    if (await target.first().evaluate((element) => element.contains(document.activeElement))) return;
  }
  throw new Error(`no Tab leads to ${target.toString()}`);
}

/** Puts the text where the focus is, from the clipboard. */
export async function paste({ page }: Reader, text: string): Promise<void> {
  await page.evaluate((content) => navigator.clipboard.writeText(content), text);
  await page.keyboard.press('Control+V');
}

/** The parts of an open lab, as a reader of screens or labels finds them. */
export function benchOf({ page, t }: Reader): { readonly [part in 'lab' | 'editor' | 'editorText' | 'terminal' | 'terminalText' | 'checks' | 'map' | 'answer' | 'grade']: Locator } {
  const lab = page.getByRole('dialog', { name: new RegExp(`^${t(ui.lab)}: `) });
  const editor = lab.getByRole('region', { name: t(ui.editor), exact: true });
  const terminal = lab.getByRole('region', { name: t(ui.terminal), exact: true });
  return {
    lab,
    editor,
    editorText: editor.getByRole('textbox', { name: t(ui.leaveEditor) }),
    terminal,
    terminalText: terminal.getByRole('textbox', { name: t(ui.leaveTerminal) }),
    checks: lab.getByRole('region', { name: t(ui.checks) }),
    map: lab.getByRole('tabpanel', { name: t(ui.map) }),
    answer: lab.getByRole('status').filter({ hasText: '$ ' }),
    grade: lab.getByRole('button', { name: t(ui.grade), exact: true }),
  };
}

/** Waits until cluster, editor and terminal of the open lab take input. */
export async function ready(reader: Reader): Promise<void> {
  const { page } = reader;
  const { lab, editor, editorText, terminal, grade } = benchOf(reader);
  await lab.waitFor();
  await editorText.waitFor({ state: 'attached' });
  await editor.getByText('kind:').first().waitFor();
  await expect.poll(() => grade.isEnabled(), { timeout: 60_000 }).toBe(true);
  await terminal.getByText('workstation:').first().waitFor({ state: 'attached' });
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

/** Opens the lab straight from its lesson's address. */
export async function openLab(reader: Reader): Promise<void> {
  await reader.visit(`${lesson}?lab=patterns/sidecar-log`);
  await ready(reader);
}

/** Makes this the whole content of the file that the editor shows, by keyboard once the editor has the focus. */
export async function writeFile(reader: Reader, content: string): Promise<void> {
  await benchOf(reader).editorText.focus();
  await reader.page.keyboard.press('Control+A');
  await paste(reader, content);
}

/** What kubectl answered to Ctrl-S. */
export async function apply(reader: Reader, says: RegExp | string): Promise<void> {
  await reader.page.keyboard.press('Control+S');
  await benchOf(reader).answer.filter({ hasText: says }).waitFor();
}

/** Types a command at the prompt, and waits for what it is to say. */
export async function type(reader: Reader, command: string, says?: RegExp | string): Promise<void> {
  await benchOf(reader).terminalText.focus();
  await reader.page.keyboard.type(command);
  await reader.page.keyboard.press('Enter');
  if (says !== undefined) await shows(reader, says);
}

/** Waits until the terminal's screen shows this. */
export async function shows(reader: Reader, text: RegExp | string): Promise<void> {
  await benchOf(reader).terminal.getByRole('list').filter({ hasText: text }).first().waitFor({ state: 'attached' });
}

/** Once both containers are seen to run, grades by Ctrl-Enter and waits for the stamp. */
export async function earnStamp(reader: Reader): Promise<void> {
  await benchOf(reader).map.getByText('2/2').first().waitFor();
  await reader.page.keyboard.press('Control+Enter');
  await stamp(reader).waitFor();
}

/** The stamp on the bench. */
export const stamp = (reader: Reader): Locator => benchOf(reader).checks.getByRole('status').filter({ hasText: reader.locale === 'ko' ? /도장 받음/ : /Stamped on/ });

/** The lines of the editor that are underlined as wrong or doubtful, of those that can be seen. */
export async function markedLines({ page }: Reader): Promise<number[]> {
  return page.evaluate(() => {
    const middle = (element: Element): number => {
      const { top, height } = element.getBoundingClientRect();
      return top + height / 2;
    };
    const numbers = [...document.querySelectorAll('.monaco-editor .line-numbers')];
    const lines = [...document.querySelectorAll('.monaco-editor :is(.squiggly-error, .squiggly-warning)')].map((mark) =>
      Number(numbers.find((number) => Math.abs(middle(number) - middle(mark)) < 10)?.textContent));
    return [...new Set(lines)].sort((one, other) => one - other);
  });
}
