import { SystemError } from '../interface';
import { ArithmeticError, evaluateArithmetic } from './arithmetic';
import type { Node, ParameterPart, Part, Word } from './ast';
import { glob } from './glob';
import { escapePattern, isPattern, matches, replace, trim } from './pattern';
import type { Shell } from './shell';
import { ShellError } from './variables';

/** Thrown out of an expansion that needs a command's output: the shell runs it and expands the word again. */
export class NeedsCommand extends Error {
  constructor(readonly part: Part & { kind: 'command' }) {
    super('a command substitution has to run first');
  }
}

/** A field under way: its text, and the same as a pattern in which quoted characters are protected. */
class Fields {
  readonly done: { text: string; pattern: string }[] = [];
  private text = '';
  private pattern = '';
  private begun = false;
  private special = false;

  add(text: string, quoted: boolean): void {
    this.begun = true;
    this.text += text;
    if (quoted && /[*?[\]\\]/.test(text)) this.pattern += escapePattern(text);
    else {
      this.pattern += quoted ? text : text.replace(/\\/g, '\\\\');
      if (!quoted && /[*?[]/.test(text)) this.special = true;
    }
  }

  /** Text from an expansion in which blanks of IFS separate fields. */
  split(text: string, ifs: string): void {
    if (ifs === '') return this.add(text, false);
    const white = [...ifs].filter((c) => c === ' ' || c === '\t' || c === '\n').join('');
    let start = 0;
    let afterBlank = false;
    for (let i = 0; i <= text.length; i++) {
      const c = text[i];
      const separates = c !== undefined && ifs.includes(c);
      if (c !== undefined && !separates) {
        afterBlank = false;
        continue;
      }
      if (i > start) this.add(text.slice(start, i), false);
      start = i + 1;
      if (c === undefined) break;
      if (white.includes(c)) {
        this.cut();
        afterBlank = true;
      } else {
        // a visible separator ends a field, also an empty one; blanks around it belong to it
        if (!this.begun && !(afterBlank && this.cutByBlank)) this.begun = true;
        this.cutByBlank = false;
        this.force();
        afterBlank = false;
      }
    }
  }

  private cutByBlank = false;

  /** Ends the field if one has begun. */
  cut(): void {
    if (!this.begun) return;
    this.force();
    this.cutByBlank = true;
  }

  private force(): void {
    if (this.begun) this.done.push({ text: this.text, pattern: this.special ? this.pattern : '' });
    this.text = '';
    this.pattern = '';
    this.begun = false;
    this.special = false;
  }

  finish(): { text: string; pattern: string }[] {
    this.cut();
    return this.done;
  }
}

const defaultIfs = ' \t\n';

/** Expands words for one shell: tilde, parameters, commands, arithmetic, fields, file names (POSIX 2.6). */
export class Expander {
  /** Outputs of commands that ran for the word that is being expanded, and values already computed in it. */
  private outputs: Map<Part, string> | undefined;

  constructor(private readonly shell: Shell) {}

  /** Keeps a command's output for the next try at its word. */
  provide(part: Part, output: string): void {
    (this.outputs ??= new Map()).set(part, output);
  }

  /** The word is expanded: its outputs are of no more use. */
  forget(): void {
    this.outputs = undefined;
  }

  /** The fields of a word of a command. */
  fields(word: Word, out: string[]): void {
    if (word.constant !== undefined) {
      out.push(word.constant);
      return;
    }
    const fields = new Fields();
    this.addParts(word.parts, fields);
    for (const { text, pattern } of fields.finish()) {
      if (pattern !== '' && !this.shell.options.noglob && isPattern(pattern)) {
        const found = glob(this.shell.process.files, this.shell.process.cwd, pattern);
        if (found.length > 0) {
          out.push(...found);
          continue;
        }
      }
      out.push(text);
    }
  }

  /** A word as one text: assignments, here-documents, case words, redirections. */
  text(word: Word | readonly Part[]): string {
    if ('parts' in word) {
      if (word.constant !== undefined) return word.constant;
      return this.joined(word.parts);
    }
    return this.joined(word);
  }

  /** A word as a pattern: what was quoted is protected. */
  pattern(parts: readonly Part[]): string {
    let out = '';
    for (const part of parts) {
      const value = part.kind === 'text' ? part.text : this.value(part);
      out += part.quoted ? escapePattern(value) : value;
    }
    return out;
  }

  private joined(parts: readonly Part[]): string {
    let out = '';
    for (const part of parts) out += part.kind === 'text' ? part.text : this.value(part);
    return out;
  }

  private get ifs(): string {
    return this.shell.variables.get('IFS') ?? defaultIfs;
  }

  private addParts(parts: readonly Part[], fields: Fields): void {
    for (const part of parts) {
      if (part.kind === 'text') fields.add(part.text, part.quoted);
      else if (part.kind === 'parameter' && (part.name === '@' || part.name === '*') && !part.operator) this.addAll(part, fields);
      else if (part.kind === 'parameter' && !part.quoted && part.word && /^:?[-+=]$/.test(part.operator ?? '')) this.addDefault(part, fields);
      else if (part.kind === 'parameter' && part.quoted && part.name === '@' && part.word && this.usesWord(part) === false) this.addAll({ ...part, operator: '' } as ParameterPart, fields);
      else {
        const value = this.value(part);
        if (part.quoted || part.kind === 'tilde') fields.add(value, true);
        else if (value !== '') fields.split(value, this.ifs);
      }
    }
  }

  /** $@ and $*: each argument a field of its own. */
  private addAll(part: ParameterPart, fields: Fields): void {
    const { parameters } = this.shell;
    if (part.quoted && part.name === '*') {
      fields.add(parameters.join((this.shell.variables.get('IFS') ?? ' ').slice(0, 1)), true);
      return;
    }
    for (const [index, parameter] of parameters.entries()) {
      if (index > 0) fields.cut();
      if (part.quoted) fields.add(parameter, true);
      else if (parameter !== '') fields.split(parameter, this.ifs);
    }
  }

  /** ${x:-word} outside quotes: the word's own quotes count. */
  private addDefault(part: ParameterPart, fields: Fields): void {
    const useWord = this.usesWord(part);
    if (useWord && part.operator?.endsWith('=')) this.assign(part);
    else if (useWord) {
      for (const piece of part.word ?? []) {
        if (piece.kind === 'text' && !piece.quoted) fields.split(piece.text, this.ifs);
        else this.addParts([piece], fields);
      }
      return;
    }
    if (part.operator?.endsWith('+')) return;
    if (part.name === '@' || part.name === '*') return this.addAll(part, fields);
    const value = this.parameter(part.name) ?? '';
    if (value !== '') fields.split(value, this.ifs);
  }

  private usesWord(part: ParameterPart): boolean {
    const value = this.parameter(part.name);
    const unset = value === undefined || (value === '' && (part.operator ?? '').startsWith(':'));
    return part.operator?.endsWith('+') ? !unset : unset;
  }

  private value(part: Part): string {
    switch (part.kind) {
      case 'text':
        return part.text;
      case 'tilde':
        return this.home(part.user);
      case 'command': {
        const output = this.outputs?.get(part);
        if (output === undefined) throw new NeedsCommand(part);
        return output;
      }
      case 'arithmetic':
        return this.arithmetic(part);
      case 'parameter':
        return this.expandParameter(part);
    }
  }

  private home(user: string): string {
    if (user === '') return this.shell.variables.get('HOME') ?? '~';
    return this.shell.homeOf(user) ?? `~${user}`;
  }

  private arithmetic(part: Part & { kind: 'arithmetic' }): string {
    const before = this.outputs?.get(part);
    if (before !== undefined) return before;
    const value = this.evaluate(this.joined(part.parts));
    this.outputs?.set(part, value);
    return value;
  }

  /** The value of an arithmetic expression's text. Throws ShellError. */
  evaluate(text: string): string {
    const { shell } = this;
    try {
      return evaluateArithmetic(text, {
        get: (name) => {
          const value = shell.variables.get(name);
          if (value === undefined && shell.options.nounset) throw new ShellError(`${name}: parameter not set`);
          return value;
        },
        set: (name, value) => shell.variables.set(name, value),
      });
    } catch (error) {
      if (error instanceof ArithmeticError) throw new ShellError(error.message);
      throw error;
    }
  }

  /** A parameter's value, undefined when it is not set. */
  parameter(name: string): string | undefined {
    const { shell } = this;
    const c = name.charCodeAt(0);
    if (c >= 48 && c <= 57) return name === '0' ? shell.name : shell.parameters[Number(name) - 1];
    switch (name) {
      case '?':
        return String(shell.status);
      case '$':
        return String(shell.mainPid);
      case '!':
        return shell.lastBackground === undefined ? undefined : String(shell.lastBackground);
      case '#':
        return String(shell.parameters.length);
      case '-':
        return shell.optionLetters();
      case '@':
      case '*':
        if (shell.parameters.length === 0) return undefined;
        return shell.parameters.join(name === '*' ? (shell.variables.get('IFS') ?? ' ').slice(0, 1) : ' ');
      default:
        return shell.variables.get(name);
    }
  }

  private expandParameter(part: ParameterPart): string {
    const { operator = '', name } = part;
    if (operator === 'bad') {
      this.shell.line += 1; // the parser has read past the line by then
      throw new ShellError('syntax error: bad substitution');
    }
    const value = this.parameter(name);
    if (operator === '') {
      if (value === undefined && this.shell.options.nounset && name !== '@' && name !== '*' && name !== '!') throw new ShellError(`${name}: parameter not set`);
      return value ?? '';
    }
    switch (operator) {
      case ':-':
      case '-':
        return this.usesWord(part) ? this.text(part.word ?? []) : (value ?? '');
      case ':=':
      case '=':
        return this.usesWord(part) ? this.assign(part) : (value ?? '');
      case ':+':
      case '+':
        return this.usesWord(part) ? this.text(part.word ?? []) : '';
      case ':?':
      case '?':
        if (!this.usesWord(part)) return value ?? '';
        throw new ShellError(`${name}: ${part.word && part.word.length > 0 ? this.text(part.word) : operator === ':?' ? 'parameter not set or null' : 'parameter not set'}`);
      default:
    }
    if (value === undefined && this.shell.options.nounset) throw new ShellError(`${name}: parameter not set`);
    return this.cut(part, value ?? '');
  }

  /** Operators that cut a value up. */
  private cut(part: ParameterPart, value: string): string {
    switch (part.operator) {
      case 'length':
        return part.name === '@' || part.name === '*' ? String(this.shell.parameters.length === 0 ? 0 : value.length) : String([...value].length);
      case '%':
      case '%%':
        return trim(value, this.pattern(part.word ?? []), 'suffix', part.operator === '%%');
      case '#':
      case '##':
        return trim(value, this.pattern(part.word ?? []), 'prefix', part.operator === '##');
      case '/':
      case '//':
        return replace(value, this.pattern(part.word ?? []), this.text(part.second ?? []), part.operator === '//');
      default:
        return this.substring(part, value);
    }
  }

  private substring(part: ParameterPart, value: string): string {
    const characters = [...value];
    let offset = Number(this.evaluate(this.text(part.word ?? [])));
    if (offset < 0) offset += characters.length;
    if (offset < 0 || offset > characters.length) return '';
    if (!part.second) return characters.slice(offset).join('');
    const length = Number(this.evaluate(this.text(part.second)));
    const end = length < 0 ? characters.length + length : offset + length;
    return characters.slice(offset, Math.max(offset, end)).join('');
  }

  private assign(part: ParameterPart): string {
    if (!/^[A-Za-z_]/.test(part.name)) throw new ShellError(`${part.name}: bad variable name`);
    const value = this.text(part.word ?? []);
    this.shell.variables.set(part.name, value);
    return value;
  }
}

/** Whether a word matches one of a case clause's patterns. */
export function matchesPattern(expander: Expander, word: Word, value: string): boolean {
  if (word.constant !== undefined) return word.constant === value;
  return matches(expander.pattern(word.parts), value);
}

/** Does a substitution do nothing but read a file: $(<file)? */
export const readsFile = (script: readonly Node[]): boolean => script.length === 1 && script[0]?.type === 'simple' && script[0].words.length === 0 && script[0].redirects.length === 1;

/** An error of a system call as what the shell says about memory. */
export const outOfMemory = (error: unknown): boolean => error instanceof SystemError && error.code === 'ENOMEM';
