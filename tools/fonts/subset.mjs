/**
 * Cuts D2Coding into files that a page loads only when it shows a character of their unicode-range, and writes
 * src/css/fonts/*.woff2 and src/css/fonts.css. Run once after the package's update:
 *
 *     npm install --no-save subset-font && node tools/fonts/subset.mjs
 *
 * The Open Font License reserves the name D2Coding for the unmodified font, so the pieces carry the name Dojang Mono.
 * How common a syllable is comes from the order of Pretendard's own subsets (the last ones hold the most common).
 */
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(`${process.env.SUBSET_FONT ?? process.cwd()}/`));
const subsetFont = require('subset-font');
const source = await readFile('node_modules/@kfonts/d2coding/src/D2Coding.ttf');
const pretendard = await readFile('node_modules/pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css', 'utf8');

/** '2500-257f' or 'ac00' as its code points. */
function codePoints(range) {
  const [from, to = from] = range.replace(/^u\+/i, '').split('-').map((text) => parseInt(text, 16));
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Consecutive code points as a CSS unicode-range. */
function unicodeRange(points) {
  const sorted = [...points].sort((a, b) => a - b);
  const ranges = [];
  for (const point of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === point - 1) last[1] = point;
    else ranges.push([point, point]);
  }
  const hex = (point) => point.toString(16);
  return ranges.map(([from, to]) => (from === to ? `U+${hex(from)}` : `U+${hex(from)}-${hex(to)}`)).join(',');
}

const isHangul = (point) => point >= 0xac00 && point <= 0xd7a3;
const groups = [...pretendard.matchAll(/unicode-range:\s*([^;]+);/g)]
  .map(([, list]) => list.split(',').flatMap((range) => codePoints(range.trim())).filter(isHangul))
  .reverse();
const syllables = [...new Set(groups.flat())];
for (let point = 0xac00; point <= 0xd7a3; point += 1) syllables.push(point);
const ordered = [...new Set(syllables)];

const pieces = [
  ['latin', [...codePoints('20-24f'), ...codePoints('2000-206f'), ...codePoints('2190-21ff'), ...codePoints('2200-22ff'), ...codePoints('2500-25ff'), 0x2713, 0x2717, 0xfffd, 0x20a9, 0x2103]],
  ['symbols', [...codePoints('370-4ff'), ...codePoints('2100-218f').filter((p) => p !== 0x2103), ...codePoints('2460-24ff'), ...codePoints('2600-2712'), ...codePoints('3000-33ff'), ...codePoints('1100-11ff'), ...codePoints('ff00-ffef')]],
];
const sizes = [250, 400, 600, 1100, 1700, 2400, 2400, 3000];
let from = 0;
sizes.forEach((size, index) => {
  pieces.push([`hangul-${index}`, ordered.slice(from, from + size)]);
  from += size;
});

await mkdir('src/css/fonts', { recursive: true });
for (const name of await readdir('src/css/fonts')) if (name.endsWith('.woff2')) await rm(`src/css/fonts/${name}`);
const rules = [];
for (const [name, points] of pieces) {
  const text = points.map((point) => String.fromCodePoint(point)).join('');
  const font = await subsetFont(source, text, { targetFormat: 'woff2', preserveNameIds: [0, 13, 14] });
  await writeFile(`src/css/fonts/dojang-mono-${name}.woff2`, font);
  console.log(name, points.length, font.length);
  rules.push(`@font-face {\n  font-family: 'Dojang Mono';\n  font-display: swap;\n  font-weight: 400 700;\n  src: url('./fonts/dojang-mono-${name}.woff2') format('woff2');\n  unicode-range: ${unicodeRange(points)};\n}\n`);
}
await writeFile('src/css/fonts.css', `/* Made by tools/fonts/subset.mjs from D2Coding (SIL Open Font License 1.1, src/css/fonts/LICENSE.txt). */\n${rules.join('\n')}`);
