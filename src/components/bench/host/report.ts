import type { CheckResult as Graded, Evidence, Report } from '../../../grading';
import type { CheckResult, GradeResult } from '../protocol';

const lineOf = ({ about, reason, message, count }: Evidence): string => `${about} ${reason}: ${message}${count > 1 ? ` (×${count})` : ''}`;

function resultOf(graded: Graded): CheckResult {
  const { id, title, state } = graded;
  if (state !== 'failed') return { id, title, state };
  const { expected, found, why, location, evidence } = graded;
  return { id, title, state, expected, found, why, evidence: evidence.map(lineOf), ...(location === undefined ? {} : { place: { file: location.file, line: location.line } }) };
}

/** A grading report as it travels to the page. `took` in wall milliseconds. */
export const gradeResult = (report: Report, took: number): GradeResult => ({ passed: report.passed, checks: report.results.map(resultOf), took });
