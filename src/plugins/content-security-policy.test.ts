import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { policyOf } from './content-security-policy';

const hashOf = (code: string): string => `'sha256-${createHash('sha256').update(code).digest('base64')}'`;

test('inline scripts run by their hash alone', () => {
  const policy = policyOf('<script src=/a.js defer></script><script>theme()</script><script data-x="1">other()</script>');
  expect(policy).toContain(`script-src 'self' ${hashOf('theme()')} ${hashOf('other()')};`);
  expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/);
});

test('data in a script element is no script, and nothing comes from elsewhere', () => {
  const policy = policyOf('<script type="application/ld+json">{}</script>');
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('http');
});
