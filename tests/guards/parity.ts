import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** What a text is made of, apart from its words: must be the same in both languages. */
function skeleton(text: string): string[] {
  const out: string[] = [];
  let fence: string | undefined;
  for (const line of text.split('\n')) {
    const mark = /^\s*(```+|~~~+)(\w*)/.exec(line);
    if (mark) {
      if (fence === undefined) {
        fence = mark[1] as string;
        out.push(`code ${mark[2]}`);
      } else if (line.trim() === fence) fence = undefined;
      continue;
    }
    if (fence !== undefined) continue;
    const heading = /^(#+) .*?(?:\{\/\* (#[\w-]+) \*\/\})?\s*$/.exec(line);
    if (heading) out.push(`heading ${heading[1]} ${heading[2] ?? ''}`.trim());
    const admonition = /^:::(\w+)/.exec(line);
    if (admonition) out.push(`box ${admonition[1]}`);
    for (const component of line.matchAll(/<([A-Z]\w*)/g)) out.push(`component ${component[1]}`);
    for (const link of line.matchAll(/\]\(([^)\s]+)\)/g)) out.push(`link ${normaliseLink(link[1] as string)}`);
    if (/^\|/.test(line)) out.push(`row ${line.split('|').length}`);
    if (/^\s*[-*] /.test(line) || /^\s*\d+\. /.test(line)) out.push('item');
  }
  return out;
}

/** The official documentation is linked in the reader's language. */
const normaliseLink = (link: string): string => link.replace('https://kubernetes.io/ko/', 'https://kubernetes.io/');

function compare(a: string, b: string, name: string): string[] {
  const [left, right] = [skeleton(readFileSync(a, 'utf8')), skeleton(readFileSync(b, 'utf8'))];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    if (left[i] !== right[i]) return [`${name}: the languages differ at part ${i + 1}: ${left[i] ?? 'nothing'} (ko), ${right[i] ?? 'nothing'} (en)`];
  }
  return [];
}

const textsIn = (folder: string): string[] => !existsSync(folder) ? [] : readdirSync(folder).sort().flatMap((name) => {
  const file = path.join(folder, name);
  return statSync(file).isDirectory() ? textsIn(file) : /\.mdx?$/.test(name) ? [file] : [];
});

/** Where Korean and English texts differ in their structure, or one has no twin. */
export function parity(root: string): string[] {
  const out: string[] = [];
  const korean = path.join(root, 'docs');
  const english = path.join(root, 'i18n/en/docusaurus-plugin-content-docs/current');
  const names = new Set([...textsIn(korean).map((file) => path.relative(korean, file)), ...textsIn(english).map((file) => path.relative(english, file))]);
  for (const name of [...names].sort()) {
    const [a, b] = [path.join(korean, name), path.join(english, name)];
    if (!existsSync(a)) out.push(`docs/${name}: no Korean text`);
    else if (!existsSync(b)) out.push(`docs/${name}: no English text`);
    else out.push(...compare(a, b, `docs/${name}`));
  }
  for (const task of textsIn(path.join(root, 'labs')).filter((file) => file.endsWith('.ko.mdx'))) {
    const twin = task.replace(/\.ko\.mdx$/, '.en.mdx');
    const name = path.relative(root, task);
    if (!existsSync(twin)) out.push(`${name}: no English text`);
    else out.push(...compare(task, twin, name));
  }
  return out;
}
