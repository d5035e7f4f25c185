import Layout from '@theme/Layout';
import type { ReactNode } from 'react';
import { StampBook } from '../components/lab';
import { Transfer } from '../components/progress/transfer';
import { useStorageRefused } from '../components/progress/use-progress';
import { ui } from '../components/text/ui';
import { useText } from '../components/text/use-text';

/** Every stamp, and the buttons that take progress to another machine. */
export default function Stamps(): ReactNode {
  const t = useText();
  const refused = useStorageRefused();
  return (
    <Layout title={t(ui.stamps)}>
      <main className="container margin-vert--lg">
        <h1>{t(ui.stamps)}</h1>
        <p>{t(ui.stampsIntro)}</p>
        {refused ? <p role="alert">{t(ui.notSaved)}</p> : null}
        <StampBook />
        <p className="margin-top--lg">{t(ui.transferHelp)}</p>
        <p><Transfer /></p>
      </main>
    </Layout>
  );
}
