import MDXComponents from '@theme-original/MDXComponents';
import { LabCard } from '@site/src/components/lab';
import { Live } from '@site/src/components/live';
import type { ComponentProps, ReactNode } from 'react';

/** The empty corner of a table heads nothing. */
function HeaderCell({ children, ...props }: ComponentProps<'th'>): ReactNode {
  return children === undefined || children === null ? <td {...props} /> : <th {...props}>{children}</th>;
}

/** What lessons may use without importing it. */
export default { ...MDXComponents, Lab: LabCard, Live, th: HeaderCell };
