import { compileExpression } from '../regular-expression';

/** Cuts a record by FS: blanks, one character, or a regular expression. With `paragraphs` a newline separates too. */
export function splitFields(record: string, separator: string, paragraphs = false): string[] {
  if (record === '') return [];
  if (separator === ' ') return record.split(/[ \t\n]+/).filter((field, index, all) => field !== '' || (index > 0 && index < all.length - 1));
  if (separator === '') return [...record];
  if (separator.length === 1 && separator !== '\\') {
    if (paragraphs) return record.split(/\n/).flatMap((line) => line.split(separator));
    return record.split(separator === '\t' ? '\t' : separator);
  }
  const source = compileExpression(separator, { extended: true }).source;
  return record.split(new RegExp(paragraphs ? `${source}|\\n` : source, 'u'));
}
