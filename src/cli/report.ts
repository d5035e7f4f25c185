import type { CheckResult, Language, Report } from '../grading';

const words = {
  ko: { passed: '통과', failed: '실패', skipped: '건너뜀', expected: '기대', found: '실제', why: '까닭', cluster: '클러스터', stamp: '모두 통과했습니다.', notYet: '아직입니다.' },
  en: { passed: 'passed', failed: 'failed', skipped: 'skipped', expected: 'expected', found: 'found', why: 'why', cluster: 'cluster', stamp: 'All passed.', notYet: 'Not yet.' },
} as const;

function lines(result: CheckResult, language: Language): string[] {
  const word = words[language];
  const head = `${result.state === 'passed' ? '✓' : result.state === 'failed' ? '✗' : '-'} ${result.title[language]} (${word[result.state]})`;
  if (result.state !== 'failed') return [head];
  const where = result.location ? ` ${result.location.file}:${result.location.line}` : '';
  return [
    `${head}${where}`,
    `    ${word.expected}: ${result.expected[language]}`,
    `    ${word.found}: ${result.found[language]}`,
    `    ${word.why}: ${result.why[language]}`,
    ...result.evidence.map(({ about, reason, message }) => `    ${word.cluster}: ${about} ${reason}: ${message}`),
  ];
}

/** A report for a terminal: each check with what was expected, found, why, and file:line. */
export const formatReport = (report: Report, language: Language): string =>
  [...report.results.flatMap((result) => lines(result, language)), report.passed ? words[language].stamp : words[language].notYet].join('\n');
