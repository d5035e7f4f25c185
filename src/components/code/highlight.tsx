/**
 * Stands in for prism-react-renderer (an alias in src/plugins/bundling.ts): the same Highlight and Prism, but with only
 * the languages that the configuration names, which makes every page's script 25 KB smaller.
 */
import './manual';
import Core from 'prismjs/components/prism-core';
import type { CSSProperties, ReactNode } from 'react';

interface Grammar { readonly [name: string]: unknown }
type Stream = string | PrismToken | readonly Stream[];
interface PrismToken { readonly type: string; readonly content: Stream }

/** The instance that languages are added to. */
export const Prism = Core as { readonly languages: Record<string, Grammar | undefined>; tokenize(code: string, grammar: Grammar): readonly Stream[] };

export interface Token {
  readonly types: readonly string[];
  readonly content: string;
  readonly empty?: boolean;
}

interface Theme {
  readonly plain: CSSProperties;
  readonly styles: readonly { readonly types: readonly string[]; readonly style: CSSProperties }[];
}

interface LineInput { readonly line: readonly Token[]; readonly className?: string; readonly style?: CSSProperties }
interface TokenInput { readonly token: Token; readonly className?: string; readonly style?: CSSProperties }
interface Output { readonly className: string; readonly style?: CSSProperties; readonly children?: string }

export interface HighlightProps {
  readonly code: string;
  readonly language: string;
  readonly theme?: Theme;
  readonly children: (parts: {
    readonly className: string;
    readonly style: CSSProperties;
    readonly tokens: readonly (readonly Token[])[];
    readonly getLineProps: (input: LineInput) => Output;
    readonly getTokenProps: (input: TokenInput) => Output;
  }) => ReactNode;
}

/** Flattens Prism's tree into lines of tokens that each know all types around them. */
export function linesOf(stream: Stream): Token[][] {
  const lines: Token[][] = [[]];
  const walk = (part: Stream, types: readonly string[]): void => {
    if (typeof part === 'string') {
      part.split('\n').forEach((content, index) => {
        if (index > 0) lines.push([]);
        if (content !== '') lines.at(-1)?.push({ types: types.length === 0 ? ['plain'] : types, content });
      });
    } else if ('type' in part) walk(part.content, [...types, part.type]);
    else for (const inner of part) walk(inner, types);
  };
  walk(stream, []);
  return lines.map((line) => (line.length === 0 ? [{ types: ['plain'], content: '\n', empty: true }] : line));
}

/** A code block's lines and tokens with what they need to be drawn. */
export function Highlight({ code, language, theme, children }: HighlightProps): ReactNode {
  const grammar = Prism.languages[language];
  const styleOf = (types: readonly string[]): CSSProperties => Object.assign({}, ...(theme?.styles.filter((rule) => rule.types.some((type) => types.includes(type))).map((rule) => rule.style) ?? [])) as CSSProperties;
  return children({
    className: `prism-code language-${language}`,
    style: theme?.plain ?? {},
    tokens: linesOf(grammar === undefined ? code : Prism.tokenize(code, grammar)),
    getLineProps: ({ className, style }) => ({ className: ['token-line', className].filter(Boolean).join(' '), ...(style === undefined ? {} : { style }) }),
    getTokenProps: ({ token, className, style }) => ({ className: ['token', ...token.types, className].filter(Boolean).join(' '), children: token.content, style: { ...styleOf(token.types), ...style } }),
  });
}
