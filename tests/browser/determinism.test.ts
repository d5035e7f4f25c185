import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { asReader } from './course';
import { history } from './history';

/** The same code for Chromium, as one script. */
async function script(): Promise<string> {
  const { outputFiles } = await build({ entryPoints: ['tests/browser/history.ts'], bundle: true, write: false, format: 'iife', globalName: 'world', target: 'es2022' });
  return outputFiles[0]?.text ?? '';
}

test('the same seed gives byte-identical traces in Node and in Chromium, another seed others', async () => {
  const content = await script();
  await asReader('en', async ({ page }) => {
    await page.addScriptTag({ content });
    const inChromium = (seed: number): Promise<string> => page.evaluate((number) => (globalThis as unknown as { readonly world: { history: typeof history } }).world.history(number), seed);
    const [seven, eight] = [await inChromium(7), await inChromium(8)];
    expect(seven.length).toBeGreaterThan(200_000);
    expect(seven === history(7)).toBe(true);
    expect(seven === eight).toBe(false);
  });
});
