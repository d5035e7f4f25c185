import type { ComponentType } from 'react';
import type { ClusterSetup, Files } from '../bench/protocol';
import type { Text } from '../text/text';

/** What every page may know of a lab: small, in the page's own file. */
export interface LabSummary {
  /** `<chapter>/<lab>` */
  readonly id: string;
  readonly title: Text;
  /** One sentence for lists. */
  readonly summary: Text;
  readonly minutes: number;
  /** The document that it belongs to. */
  readonly lesson: string;
}

/** What a bench needs of a lab; loaded when it is opened. */
export interface Lab extends LabSummary {
  readonly cluster: ClusterSetup;
  /** The learner's files at first. */
  readonly files: Files;
  /** One right answer, shown only after passing. */
  readonly solution: Files;
  readonly steps: readonly Text[];
  readonly hints: readonly Text[];
}

/** A lab's longer text (task.ko.mdx, task.en.mdx), where it has one. */
export type TaskText = { readonly default: ComponentType };
