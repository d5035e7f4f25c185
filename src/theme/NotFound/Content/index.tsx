import Link from '@docusaurus/Link';
import { Seal } from '@site/src/components/seal';
import { ui } from '@site/src/components/text/ui';
import { useText } from '@site/src/components/text/use-text';
import type { ReactNode } from 'react';

/** The page for an address that leads nowhere. */
export default function NotFoundContent(): ReactNode {
  const t = useText();
  return (
    <main className="container margin-vert--xl">
      <Seal size={72} faint />
      <h1 className="margin-top--md">{t(ui.notFound)}</h1>
      <p>{t(ui.notFoundHelp)}</p>
      <Link className="push push--main" to="/">{t(ui.home)}</Link>
    </main>
  );
}
