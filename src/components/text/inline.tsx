import type { ReactNode } from 'react';

/** A line of text in which `backquoted` parts are code. */
export function Inline({ text }: { readonly text: string }): ReactNode {
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}
