import BrowserOnly from '@docusaurus/BrowserOnly';
import Link from '@docusaurus/Link';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import Layout from '@theme/Layout';
import type { ReactNode } from 'react';
import { Boundary } from '../components/boundary';
import styles from '../components/home/styles.module.css';
import { words } from '../components/home/words';
import { OnDemand } from '../components/on-demand';
import { useText } from '../components/text/use-text';

const loadCluster = () => import('../components/home/live-cluster');

function Placeholder(): ReactNode {
  const t = useText();
  return <div className={`${styles.scene} ${styles.placeholder}`} role="status">{t(words.starting)}</div>;
}

function Way({ title, children }: { readonly title: string; readonly children: string }): ReactNode {
  return <section><h2>{title}</h2><p>{children}</p></section>;
}

/** First screen: what this is, and a cluster that runs. */
export default function Home(): ReactNode {
  const t = useText();
  const { siteConfig } = useDocusaurusContext();
  return (
    <Layout description={siteConfig.tagline}>
      <main>
        <div className={styles.hero}>
          <div className={styles.words}>
            <h1>{t(words.headline)}</h1>
            <p>{t(words.intro)}</p>
            <div className={styles.actions}>
              <Link className="push push--main" to="/course">{t(words.begin)}</Link>
              <Link className="push" to="/stamps">{t(words.stamps)}</Link>
            </div>
            <p className={styles.try}>{t(words.try)}</p>
          </div>
          <BrowserOnly fallback={<Placeholder />}>
            {() => <Boundary><OnDemand load={loadCluster} fallback={<Placeholder />}>{({ default: LiveCluster }) => <LiveCluster />}</OnDemand></Boundary>}
          </BrowserOnly>
        </div>
        <div className={styles.ways}>
          <Way title={t(words.readTitle)}>{t(words.read)}</Way>
          <Way title={t(words.doTitle)}>{t(words.do)}</Way>
          <Way title={t(words.stampTitle)}>{t(words.stamp)}</Way>
        </div>
      </main>
    </Layout>
  );
}
