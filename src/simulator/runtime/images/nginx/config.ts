/** One directive with its place, and the directives in its braces. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly block: readonly Directive[] | undefined;
  readonly file: string;
  readonly line: number;
}

/** What is wrong with a configuration: the text after `nginx: [emerg] `. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads a file, or throws ConfigError as open() fails; and the files that a pattern names. */
export interface ConfigSource {
  read(path: string): string;
  glob(pattern: string): readonly string[];
  /** Told of each file, for -T. */
  seen?(path: string, text: string): void;
}

interface Token {
  readonly text: string;
  readonly line: number;
  readonly quoted: boolean;
}

function* tokenize(text: string, file: string): Generator<Token> {
  let line = 1;
  let i = 0;
  while (i < text.length) {
    const c = text[i] as string;
    if (c === '\n') line += 1;
    if (/\s/.test(c)) {
      i += 1;
      continue;
    }
    if (c === '#') {
      while (i < text.length && text[i] !== '\n') i += 1;
      continue;
    }
    if (c === ';' || c === '{' || c === '}') {
      yield { text: c, line, quoted: false };
      i += 1;
      continue;
    }
    const start = line;
    let word = '';
    if (c === '"' || c === "'") {
      for (i += 1; text[i] !== c; i++) {
        if (i >= text.length) throw new ConfigError(`unexpected end of file, expecting ";" or "}" in ${file}:${line}`);
        if (text[i] === '\n') line += 1;
        if (text[i] === '\\' && i + 1 < text.length) word += unescape(text[++i] as string);
        else word += text[i];
      }
      i += 1;
      if (i < text.length && !/[\s;{)]/.test(text[i] as string)) throw new ConfigError(`unexpected "${text[i]}" in ${file}:${line}`);
      yield { text: word, line: start, quoted: true };
      continue;
    }
    while (i < text.length && !/[\s;{}]/.test(text[i] as string)) {
      if (text[i] === '\\' && i + 1 < text.length) word += unescape(text[++i] as string, true);
      else if (text[i] === '$' && text[i + 1] === '{') {
        const end = text.indexOf('}', i);
        word += text.slice(i, end < 0 ? text.length : end);
        i = end < 0 ? text.length : end;
        word += '}';
      } else word += text[i];
      i += 1;
      // a brace quantifier of a regular expression: {3} inside a word
      if (text[i] === '{' && /^\{\d+(,\d*)?\}/.test(text.slice(i, i + 8))) {
        const end = text.indexOf('}', i);
        word += text.slice(i, end + 1);
        i = end + 1;
      }
    }
    yield { text: word, line: start, quoted: false };
  }
  yield { text: '', line, quoted: false };
}

const unescape = (c: string, keep = false): string => ({ n: '\n', t: '\t', r: '\r', '"': '"', "'": "'", '\\': '\\' })[c] ?? (keep ? `\\${c}` : `\\${c}`);

/** Reads a configuration with everything that it includes. Throws ConfigError. */
export function readConfig(path: string, source: ConfigSource, depth = 0): Directive[] {
  const text = source.read(path);
  source.seen?.(path, text);
  const tokens = [...tokenize(text, path)];
  let position = 0;
  const block = (nested: boolean): Directive[] => {
    const out: Directive[] = [];
    for (;;) {
      const words: Token[] = [];
      for (;;) {
        const token = tokens[position++] as Token;
        if (token.text === '' && !token.quoted && position === tokens.length) {
          if (words.length > 0) throw new ConfigError(`unexpected end of file, expecting ";" or "}" in ${path}:${token.line}`);
          if (nested) throw new ConfigError(`unexpected end of file, expecting "}" in ${path}:${token.line}`);
          return out;
        }
        if (token.quoted || ![';', '{', '}'].includes(token.text)) {
          words.push(token);
          continue;
        }
        const [first] = words;
        if (token.text === '}') {
          if (first) throw new ConfigError(`unexpected "}" in ${path}:${token.line}`);
          if (!nested) throw new ConfigError(`unexpected "}" in ${path}:${token.line}`);
          return out;
        }
        if (!first) throw new ConfigError(`unexpected "${token.text}" in ${path}:${token.line}`);
        const args = words.slice(1).map((word) => word.text);
        const at = { name: first.text, args, file: path, line: token.line };
        if (token.text === '{') {
          const raw = first.text === 'types' || first.text === 'map' || first.text === 'geo';
          out.push({ ...at, block: raw ? block(true) : block(true) });
        } else if (first.text === 'include') out.push(...include(at, source, depth));
        else out.push({ ...at, block: undefined });
        break;
      }
    }
  };
  return block(false);
}

function include({ args, file, line }: { readonly args: readonly string[]; readonly file: string; readonly line: number }, source: ConfigSource, depth: number): Directive[] {
  if (args.length !== 1) throw new ConfigError(`invalid number of arguments in "include" directive in ${file}:${line}`);
  if (depth > 20) throw new ConfigError(`too deep include in ${file}:${line}`);
  const pattern = (args[0] as string).startsWith('/') ? (args[0] as string) : `/etc/nginx/${args[0]}`;
  if (/[*?[]/.test(pattern)) return source.glob(pattern).flatMap((path) => readConfig(path, source, depth + 1));
  try {
    return readConfig(pattern, source, depth + 1);
  } catch (error) {
    if (error instanceof ConfigError && error.message.startsWith(`open() "${pattern}"`) && !error.message.includes(' in ')) throw new ConfigError(`${error.message} in ${file}:${line}`);
    throw error;
  }
}
