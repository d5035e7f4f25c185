import path from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Text } from '../../src/components/text/text';
import { serve } from '../../tools/start/serve.mjs';

export type Locale = keyof Text;
export const locales: readonly Locale[] = ['ko', 'en'];

/** Where a language's pages are. */
export const prefixes: Readonly<Record<Locale, string>> = { ko: '/', en: '/en/' };

const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
let shared: Promise<{ readonly browser: Browser; readonly address: string }> | undefined;

/** One Chromium and one server for all test files: they run one after the other in one process. */
function start(): Promise<{ readonly browser: Browser; readonly address: string }> {
  shared ??= (async () => ({
    browser: await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args }),
    address: (await serve({ folder: path.resolve(process.env['COURSE_BUILD'] ?? 'build'), host: '127.0.0.1', port: 0 })).replace(/\/$/, ''),
  }))();
  return shared;
}

/** A reader with an empty browser: one page, and everything that went wrong on it. */
export interface Reader {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly locale: Locale;
  /** Console errors, exceptions, breaches of the policy, and requests that leave the course. */
  readonly problems: readonly string[];
  /** The text in this reader's language. */
  readonly t: (text: Text) => string;
  /** Goes to a page of this reader's language, such as `course`. */
  readonly visit: (name?: string) => Promise<void>;
}

function watch(page: Page, address: string): string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || /content security policy/i.test(message.text())) problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${address}/`) && !/^(data|blob):/.test(request.url())) problems.push(`leaves the course: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  return problems;
}

/** Runs with a reader's fresh browser; afterwards nothing may have gone wrong on the page. */
export async function asReader(locale: Locale, use: (reader: Reader) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> {
  const { browser, address } = await start();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'], ...options });
  context.setDefaultTimeout(60_000);
  try {
    const page = await context.newPage();
    const problems = watch(page, address);
    await page.addInitScript(() => document.addEventListener('securitypolicyviolation', (event) => console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI}`)));
    const visit = async (name = ''): Promise<void> => {
      await page.goto(`${address}${prefixes[locale]}${name}`);
    };
    await use({ page, context, locale, problems, t: (text) => text[locale], visit });
    expect(problems).toEqual([]);
  } finally {
    await context.close();
  }
}
