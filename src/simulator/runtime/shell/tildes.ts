import type { Part } from './ast';

/** Tildes at the start of an assignment's value and after its colons. */
export function tildes(text: string): Part[] {
  const parts: Part[] = [];
  let literal = '';
  for (const [index, piece] of text.split(':').entries()) {
    if (index > 0) literal += ':';
    const match = /^~([A-Za-z0-9_-]*)(\/.*)?$/s.exec(piece);
    if (!match) {
      literal += piece;
      continue;
    }
    if (literal !== '') parts.push({ kind: 'text', text: literal, quoted: false });
    parts.push({ kind: 'tilde', user: match[1] as string, quoted: false });
    literal = match[2] ?? '';
  }
  if (literal !== '') parts.push({ kind: 'text', text: literal, quoted: false });
  return parts;
}
