import type { ReactNode } from 'react';
import type { CheckResult, CheckTitle, FilePlace, GradeResult } from '../bench/protocol';
import type { Text } from '../text/text';
import { Inline } from '../text/inline';
import { phrase, ui } from '../text/ui';
import { useText } from '../text/use-text';
import styles from './styles.module.css';

/** How the last grading went. */
export type Grading =
  | { readonly state: 'none' }
  | { readonly state: 'running' }
  | { readonly state: 'error'; readonly message: string }
  | { readonly state: 'done'; readonly result: GradeResult };

function Finding({ title, text }: { readonly title: Text; readonly text: Text | undefined }): ReactNode {
  const t = useText();
  if (text === undefined) return null;
  return <><dt>{t(title)}</dt><dd><Inline text={t(text)} /></dd></>;
}

function Failure({ check, onPlace }: { readonly check: CheckResult; readonly onPlace: (place: FilePlace) => void }): ReactNode {
  const t = useText();
  const { place, evidence = [] } = check;
  return (
    <div className={styles.failure}>
      <dl>
        <Finding title={ui.expected} text={check.expected} />
        <Finding title={ui.found} text={check.found} />
        <Finding title={ui.why} text={check.why} />
      </dl>
      {place === undefined ? null : <button type="button" className="push" onClick={() => onPlace(place)}>{t(phrase.line(place.file, place.line))}</button>}
      {evidence.length === 0 ? null : (
        <details>
          <summary>{t(ui.evidence)}</summary>
          <ul className={styles.evidence}>{evidence.map((line, index) => <li key={index}>{line}</li>)}</ul>
        </details>
      )}
    </div>
  );
}

type CheckState = 'pending' | CheckResult['state'];
const signs: Readonly<Record<CheckState, string>> = { pending: '○', skipped: '–', passed: '✓', failed: '!' };

function Check({ title, result, onPlace }: { readonly title: Text; readonly result: CheckResult | undefined; readonly onPlace: (place: FilePlace) => void }): ReactNode {
  const t = useText();
  const state: CheckState = result?.state ?? 'pending';
  return (
    <li className={styles[state]}>
      <p className={styles.title}>
        <span className={styles.sign} aria-hidden="true">{signs[state]}</span>
        <span><Inline text={t(title)} /></span>
        <span className={styles.word}>{t(ui[state])}</span>
      </p>
      {result?.state === 'failed' ? <Failure check={result} onPlace={onPlace} /> : null}
    </li>
  );
}

/** The lab's checks (undefined: not known yet), each pending, passed, or failed with what was expected, what was found and where to look. */
export function Checks({ titles, grading, onPlace }: { readonly titles: readonly CheckTitle[] | undefined; readonly grading: Grading; readonly onPlace: (place: FilePlace) => void }): ReactNode {
  const t = useText();
  const results = grading.state === 'done' ? grading.result.checks : [];
  const listed: readonly CheckTitle[] = grading.state === 'done' ? results : (titles ?? []);
  const passed = results.filter((check) => check.state === 'passed').length;
  return (
    <>
      <p className={styles.summary} role="status">
        {grading.state === 'none' && titles !== undefined ? t(listed.length === 0 ? ui.noChecks : ui.notGraded) : null}
        {grading.state === 'running' ? t(ui.grading) : null}
        {grading.state === 'error' ? `${t(ui.gradeFailed)}: ${grading.message}` : null}
        {grading.state === 'done' ? t(phrase.checksPassed(passed, results.length)) : null}
      </p>
      <ul className={styles.checks}>
        {listed.map((check) => <Check key={check.id} title={check.title} result={results.find((result) => result.id === check.id)} onPlace={onPlace} />)}
      </ul>
    </>
  );
}
