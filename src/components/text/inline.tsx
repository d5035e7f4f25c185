import { Fragment, type ReactNode } from 'react';

/** A line of text in which `backquoted` parts are code; `code` may draw them in another way. */
export function Inline({ text, code = (content) => <code>{content}</code> }: { readonly text: string; readonly code?: (content: string) => ReactNode }): ReactNode {
  return text.split('`').map((part, index) => (index % 2 === 0 ? part : <Fragment key={index}>{code(part)}</Fragment>));
}
