/** Modules that src/plugins/labs.ts writes. */
declare module '@generated/kube-dojang-labs/default/summaries.mjs' {
  import type { LabSummary } from '@site/src/components/lab/lab';
  export const summaries: readonly LabSummary[];
}

declare module '@generated/kube-dojang-labs/default/labs.mjs' {
  import type { Lab, TaskText } from '@site/src/components/lab/lab';
  export const labs: Readonly<Record<string, { readonly lab: () => Promise<{ readonly default: Lab }>; readonly ko?: () => Promise<TaskText>; readonly en?: () => Promise<TaskText> }>>;
}

declare module '@generated/kube-dojang-labs/default/checks.mjs' {
  import type { Check } from '@site/src/grading';
  /** Each lab's checks.ts, loaded in the worker. */
  export const checks: Readonly<Record<string, () => Promise<{ readonly default: readonly Check[] }>>>;
}

/** react-dom comes without types here; this is all that is used of it. */
declare module 'react-dom' {
  import type { ReactNode, ReactPortal } from 'react';
  export function createPortal(children: ReactNode, container: Element): ReactPortal;
}

/** Comes without types; src/components/code/highlight.tsx says what it uses. */
declare module 'prismjs/components/prism-core';
