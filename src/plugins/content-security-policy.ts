import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from '@docusaurus/types';

const inlineScript = /<script(?![^>]*\bsrc=)(?![^>]*application\/ld\+json)[^>]*>([\s\S]*?)<\/script>/g;

/**
 * The policy of one page. Scripts: our own files and the page's inline ones by hash, nothing else, no eval. Styles may
 * be inline, because the editor, the terminal and diagrams write theirs as they go.
 */
export function policyOf(html: string): string {
  const hashes = [...html.matchAll(inlineScript)].map(([, code]) => `'sha256-${createHash('sha256').update(code ?? '').digest('base64')}'`);
  return [
    `default-src 'none'`,
    `script-src 'self' ${[...new Set(hashes)].join(' ')}`.trimEnd(),
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data:`,
    `font-src 'self' data:`,
    `connect-src 'self'`,
    `worker-src 'self'`,
    `manifest-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
}

/** Puts each page's policy into the page once it is built, so that any static host serves it. */
export default function contentSecurityPolicy(): Plugin {
  return {
    name: 'kube-dojang-content-security-policy',
    async postBuild({ outDir }) {
      const entries = await readdir(outDir, { recursive: true });
      const pages = entries.filter((entry) => entry.endsWith('.html')).map((entry) => path.join(outDir, entry));
      await Promise.all(pages.map(async (page) => {
        const html = await readFile(page, 'utf8');
        if (html.includes('http-equiv="Content-Security-Policy"')) return;
        const meta = `<meta http-equiv="Content-Security-Policy" content="${policyOf(html)}">`;
        await writeFile(page, html.replace(/<meta charset="?utf-8"?\s*\/?>/i, (charset) => charset + meta));
      }));
    },
  };
}
