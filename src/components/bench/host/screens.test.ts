import { expect, test } from 'vitest';
import { Screens } from './screens';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const shownBy = (screens: Screens): string => screens.take().map((event) => (event.type === 'terminal' ? `${event.terminal}:${new TextDecoder().decode(event.data)}` : event.type)).join(' ');

test('a page that is reloaded sees what its terminal showed before', () => {
  const screens = new Screens();
  screens.show(1, bytes('$ ls'));
  screens.show(1, bytes('web.yaml'));
  screens.goLive(true);
  expect(screens.adopt([1])).toBe(1);
  screens.show(1, bytes('$ '));
  expect(shownBy(screens)).toBe('1:$ ls 1:web.yaml 1:$ ');
  expect(screens.adopt([1])).toBeUndefined();
});

test('a terminal whose shell has ended is not taken up again', () => {
  const screens = new Screens();
  screens.show(1, bytes('exit'));
  screens.end(1, 0);
  screens.goLive(true);
  expect(screens.adopt([])).toBeUndefined();
  expect(shownBy(screens)).toBe('');
});

test('what a failed restoring showed never happened', () => {
  const screens = new Screens();
  screens.show(1, bytes('other world'));
  screens.goLive(false);
  expect(screens.adopt([1])).toBeUndefined();
  screens.end(2, 130);
  expect(shownBy(screens)).toBe('terminal-closed');
});

test('much output is noticed, so that the world can wait', () => {
  const screens = new Screens();
  screens.goLive(false);
  screens.show(1, new Uint8Array(300_000));
  expect(screens.isFull).toBe(true);
  screens.take();
  expect(screens.isFull).toBe(false);
});
