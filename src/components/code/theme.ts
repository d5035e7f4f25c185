import type { PrismTheme } from 'prism-react-renderer';

const theme = (ink: string, soft: string, value: string, number: string, word: string): PrismTheme => ({
  plain: { color: ink, backgroundColor: 'var(--paper-sunk)' },
  styles: [
    { types: ['comment', 'punctuation', 'operator'], style: { color: soft } },
    { types: ['key', 'atrule', 'property', 'header-name'], style: { color: ink, fontWeight: '600' } },
    { types: ['string', 'attr-value', 'url'], style: { color: value } },
    { types: ['number', 'boolean', 'important', 'variable'], style: { color: number } },
    { types: ['keyword', 'builtin', 'function', 'directive', 'tag'], style: { color: word } },
  ],
});

/** The colours of code in lessons: the editor's. */
export const codeThemes = { light: theme('#23201b', '#6d6455', '#2f4f7d', '#7a4a00', '#6b3a6e'), dark: theme('#ece5d6', '#9a907f', '#9bb8e3', '#d9be74', '#cfa3d2') };
