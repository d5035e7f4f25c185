/** A program that is none; the message is what busybox says. */
export class AwkSyntaxError extends Error {
  override readonly name = 'AwkSyntaxError';
}

export interface AwkToken {
  readonly type: 'number' | 'string' | 'regex' | 'name' | 'function' | 'builtin' | 'keyword' | 'operator' | 'newline' | 'end';
  readonly text: string;
  /** Whether a blank stands before it: a function call has none before its parenthesis. */
  readonly line: number;
}

const keywords = new Set(['BEGIN', 'END', 'function', 'func', 'if', 'else', 'while', 'for', 'do', 'break', 'continue', 'next', 'nextfile', 'exit', 'return', 'delete', 'in', 'getline', 'print', 'printf', 'switch']);
const builtinNames = new Set(['length', 'substr', 'index', 'split', 'sub', 'gsub', 'gensub', 'match', 'sprintf', 'sin', 'cos', 'atan2', 'exp', 'log', 'sqrt', 'int', 'rand', 'srand', 'tolower', 'toupper', 'system', 'close', 'fflush', 'systime', 'strftime', 'mktime', 'and', 'or', 'xor', 'lshift', 'rshift', 'compl']);
const operatorPattern = /^(?:\*\*=|\*\*|\+\+|--|\+=|-=|\*=|\/=|%=|\^=|==|<=|>=|!=|!~|&&|\|\||>>|[-+*/%^!<>|?:~$={}()[\];,])/;

/** The value of a string's escapes. */
function unescape(text: string): string {
  return text.replace(/\\(\n|[0-7]{1,3}|x[0-9a-fA-F]{1,2}|.)/gs, (_whole, c: string) => {
    const simple: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\\': '\\', '"': '"', '/': '/', '\n': '' };
    if (/^[0-7]/.test(c)) return String.fromCharCode(parseInt(c, 8));
    if (/^x/.test(c)) return String.fromCharCode(parseInt(c.slice(1), 16));
    return simple[c] ?? `\\${c}`;
  });
}

/** The tokens of an awk program. */
export function tokenize(source: string): AwkToken[] {
  const tokens: AwkToken[] = [];
  let at = 0;
  let line = 1;
  const add = (type: AwkToken['type'], text: string) => tokens.push({ type, text, line });
  while (at < source.length) {
    const rest = source.slice(at);
    const c = source[at] as string;
    const blank = /^(?:[ \t\r]|\\\r?\n|#[^\n]*)+/.exec(rest);
    if (blank) {
      at += blank[0].length;
      line += blank[0].split('\n').length - 1;
      continue;
    }
    if (c === '\n') {
      add('newline', '\n');
      line += 1;
      at += 1;
      continue;
    }
    const number = /^(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/.exec(rest);
    if (number) {
      add('number', number[0]);
      at += number[0].length;
      continue;
    }
    if (c === '"') {
      const string = /^"((?:[^"\\\n]|\\.|\\\n)*)"/s.exec(rest);
      if (!string) throw new AwkSyntaxError(`cmd. line:${line}: Unterminated string`);
      add('string', unescape(string[1] as string));
      at += string[0].length;
      continue;
    }
    const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(rest);
    if (name) {
      const [text] = name;
      at += text.length;
      if (keywords.has(text)) add('keyword', text === 'func' ? 'function' : text);
      else if (builtinNames.has(text)) add('builtin', text);
      else add(source[at] === '(' ? 'function' : 'name', text);
      continue;
    }
    if (c === '/' && !endsOperand(tokens)) {
      const regex = /^\/((?:[^/\\[\n]|\\.|\[\^?\]?(?:[^\]\n\\]|\\.|\[:[a-z]+:\])*\])*)\//.exec(rest);
      if (!regex) throw new AwkSyntaxError(`cmd. line:${line}: Unterminated regex`);
      add('regex', (regex[1] as string).replace(/\\\//g, '/'));
      at += regex[0].length;
      continue;
    }
    const operator = operatorPattern.exec(rest);
    if (!operator) throw new AwkSyntaxError(`cmd. line:${line}: Unexpected token`);
    add('operator', operator[0] === '**' ? '^' : operator[0] === '**=' ? '^=' : operator[0]);
    at += operator[0].length;
  }
  add('end', '');
  return tokens;
}

/** After an operand a slash divides; elsewhere it begins a regular expression. */
function endsOperand(tokens: readonly AwkToken[]): boolean {
  const last = tokens[tokens.length - 1];
  if (!last) return false;
  if (last.type === 'number' || last.type === 'string' || last.type === 'name' || last.type === 'builtin') return true;
  return last.type === 'operator' && (last.text === ')' || last.text === ']' || last.text === '$' || last.text === '++' || last.text === '--');
}
