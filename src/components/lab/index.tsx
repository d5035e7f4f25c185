import Link from '@docusaurus/Link';
import useIsBrowser from '@docusaurus/useIsBrowser';
import { useHistory, useLocation } from '@docusaurus/router';
import { summaries } from '@generated/kube-dojang-labs/default/summaries.mjs';
import { type ReactNode, useRef } from 'react';
import { OnDemand } from '../on-demand';
import { dayOf } from '../bench/day';
import { useProgress } from '../progress/use-progress';
import { Seal } from '../seal';
import { phrase, ui } from '../text/ui';
import { useLocale, useText } from '../text/use-text';
import styles from './styles.module.css';

const loadLayer = () => import('./layer');

/** What the history remembers of an entry that opened a lab: one step back closes it again. */
interface OpenedHere {
  readonly lab?: string;
}

/** Opens and closes a lab by the page's address, so that a reload and the back button do what they should. */
function useOpenLab(): { readonly open: string | undefined; readonly setOpen: (id: string) => void; readonly close: () => void } {
  const history = useHistory<OpenedHere | undefined>();
  const location = useLocation<OpenedHere | undefined>();
  // The page as built knows no query: what it opens appears only after the first rendering.
  const browser = useIsBrowser();
  const open = browser ? (new URLSearchParams(location.search).get('lab') ?? undefined) : undefined;
  const addressWith = (id: string | undefined) => {
    const search = new URLSearchParams(location.search);
    if (id === undefined) search.delete('lab');
    else search.set('lab', id);
    return { pathname: location.pathname, search: search.toString(), hash: location.hash };
  };
  return {
    open,
    setOpen: (id) => history.push({ ...addressWith(id), state: { lab: id } }),
    // Never a new entry: Docusaurus takes that for a new page and moves the focus to its top.
    close: () => (location.state?.lab === open ? history.goBack() : history.replace(addressWith(undefined))),
  };
}

/** A lab in a lesson: what it asks, whether it is stamped, and the button that opens its bench over the page. */
export function LabCard({ id }: { readonly id: string }): ReactNode {
  const t = useText();
  const locale = useLocale();
  const progress = useProgress().labs[id];
  const { open, setOpen, close } = useOpenLab();
  const opener = useRef<HTMLButtonElement>(null);
  const lab = summaries.find((summary) => summary.id === id);
  if (lab === undefined) return <p className={styles.card}>{t(ui.missingLab)}</p>;
  return (
    <section className={styles.card} aria-label={`${t(ui.lab)}: ${t(lab.title)}`}>
      <Seal size={52} faint={progress?.stampedAt === undefined} />
      <div className={styles.text}>
        <p className={styles.kind}>{t(ui.lab)} · {t(phrase.minutes(lab.minutes))} · {progress?.stampedAt === undefined ? t(ui.notStamped) : t(phrase.stampedOn(dayOf(progress.stampedAt, locale)))}</p>
        <p className={styles.title}>{t(lab.title)}</p>
        <p className={styles.summary}>{t(lab.summary)}</p>
        <button ref={opener} type="button" className="push push--main" onClick={() => setOpen(id)}>{t(progress?.files === undefined ? ui.openLab : ui.resumeLab)}</button>
        <p className={styles.ground}>{t(ui.labGround)}</p>
        {open === id ? (
          <OnDemand load={loadLayer} fallback={<p role="status">{t(ui.loading)}…</p>} onClose={close}>
            {({ default: LabLayer }) => <LabLayer id={id} title={t(lab.title)} opener={opener} onClose={close} />}
          </OnDemand>
        ) : null}
      </div>
    </section>
  );
}

/** Every lab with its stamp, in the order of the course. */
export function StampBook(): ReactNode {
  const t = useText();
  const locale = useLocale();
  const progress = useProgress();
  if (summaries.length === 0) return <p>{t(ui.noLabs)}</p>;
  return (
    <ul className={styles.book}>
      {summaries.map((lab) => {
        const stampedAt = progress.labs[lab.id]?.stampedAt;
        return (
          <li key={lab.id} className={styles.page}>
            <Seal size={72} faint={stampedAt === undefined} />
            <div>
              <Link className="plain-link" to={`/course/${lab.lesson}`}>{t(lab.title)}</Link>
              <p className={styles.kind}>{stampedAt === undefined ? t(ui.notStamped) : t(phrase.stampedOn(dayOf(stampedAt, locale)))}</p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
