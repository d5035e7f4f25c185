import type { Random, Task } from '../../../kernel';
import type { SystemCalls } from '../../process/system';
import { compileExpression } from '../regular-expression';
import { type AwkProgram, type Expression, type Statement, usesAsArray } from './ast';
import { callBuiltin } from './builtins';
import { splitFields } from './fields';
import { AwkStreams } from './streams';
import { arithmetic, AwkError, type AwkValue, compareValues, formatText, Numeric, toNumber, toText, truth } from './values';

class Jump extends Error {
  constructor(readonly to: string, readonly value?: AwkValue) {
    super(to);
  }
}

export type AwkArray = Map<string, AwkValue>;

/** Runs an awk program. */
export class Interpreter {
  readonly globals = new Map<string, AwkValue | AwkArray>();
  private locals: Map<string, AwkValue | AwkArray> | undefined;
  private record = '';
  private fields: AwkValue[] | undefined;
  private readonly streams: AwkStreams;
  private out = '';
  private depth = 0;
  private seed = 0;
  random: Random;
  input: () => Task<string | undefined> = function* () { return undefined; };
  exitCode = 0;

  constructor(private readonly program: AwkProgram, readonly system: SystemCalls) {
    const initial: Record<string, AwkValue> = { FS: ' ', OFS: ' ', ORS: '\n', RS: '\n', NR: 0, FNR: 0, NF: 0, SUBSEP: '\x1c', CONVFMT: '%.6g', OFMT: '%.6g', RSTART: 0, RLENGTH: -1, FILENAME: '' };
    for (const [name, value] of Object.entries(initial)) this.globals.set(name, value);
    this.globals.set('ENVIRON', new Map(Object.entries(system.env).map(([name, value]) => [name, new Numeric(value)])));
    this.random = system.random.fork('awk/0');
    this.streams = new AwkStreams(system);
  }

  // ---- variables and fields

  text(name: string): string {
    const value = this.globals.get(name);
    return value instanceof Map ? '' : toText(value);
  }

  get convert(): string {
    return this.text('CONVFMT');
  }

  private scope(name: string): Map<string, AwkValue | AwkArray> {
    return this.locals?.has(name) ? this.locals : this.globals;
  }

  array(name: string): AwkArray {
    const scope = this.scope(name);
    let value = scope.get(name);
    if (!(value instanceof Map)) scope.set(name, (value = new Map()));
    return value;
  }

  setRecord(record: string): void {
    this.record = record;
    this.fields = undefined;
  }

  /** Cuts the record into fields when they are first asked for. */
  private split(): AwkValue[] {
    if (!this.fields) {
      this.fields = splitFields(this.record, this.text('FS'), this.text('RS') === '').map((field) => new Numeric(field));
      this.globals.set('NF', this.fields.length);
    }
    return this.fields;
  }

  field(index: number): AwkValue {
    if (index < 0) throw new AwkError('access to negative field');
    if (index === 0) return new Numeric(this.record);
    return this.split()[index - 1];
  }

  setField(index: number, value: AwkValue): void {
    if (index === 0) return this.setRecord(toText(value, this.convert));
    const fields = this.split();
    while (fields.length < index) fields.push('');
    fields[index - 1] = value;
    this.globals.set('NF', fields.length);
    this.rebuild();
  }

  private rebuild(): void {
    this.record = (this.fields ?? []).map((field) => toText(field, this.convert)).join(this.text('OFS'));
  }

  private variable(name: string): AwkValue {
    if (name === 'NF') this.split();
    const value = this.scope(name).get(name);
    return value instanceof Map ? '' : value;
  }

  private setVariable(name: string, value: AwkValue): void {
    if (name === 'NF') {
      const fields = this.split();
      const count = Math.max(0, Math.trunc(toNumber(value)));
      while (fields.length < count) fields.push('');
      fields.length = count;
      this.globals.set('NF', count);
      this.rebuild();
      return;
    }
    this.scope(name).set(name, value);
  }

  *assign(target: Expression, value: AwkValue): Task {
    if (target.kind === 'variable') this.setVariable(target.name, value);
    else if (target.kind === 'field') this.setField(Math.trunc(toNumber(yield* this.evaluate(target.index))), value);
    else if (target.kind === 'element') this.array(target.name).set(yield* this.key(target.index), value);
    else if (target.kind === 'group' && target.values[0]) yield* this.assign(target.values[0], value);
  }

  private *key(index: readonly Expression[]): Task<string> {
    const parts: string[] = [];
    for (const part of index) parts.push(toText(yield* this.evaluate(part), this.convert));
    return parts.join(this.text('SUBSEP'));
  }

  // ---- expressions

  *evaluate(expression: Expression): Task<AwkValue> {
    switch (expression.kind) {
      case 'number':
      case 'string':
        return expression.value;
      case 'regex':
        return this.expression(expression.source).test(this.record) ? 1 : 0;
      case 'variable':
        return this.variable(expression.name);
      case 'field':
        return this.field(Math.trunc(toNumber(yield* this.evaluate(expression.index))));
      case 'element': {
        const array = this.array(expression.name);
        const key = yield* this.key(expression.index);
        if (!array.has(key)) array.set(key, undefined);
        return array.get(key);
      }
      case 'in':
        return this.array(expression.name).has(yield* this.key(expression.index)) ? 1 : 0;
      case 'group': {
        const values: AwkValue[] = [];
        for (const value of expression.values) values.push(yield* this.evaluate(value));
        return values.length === 1 ? values[0] : values.map((value) => toText(value, this.convert)).join(this.text('SUBSEP'));
      }
      case 'assign': {
        const right = yield* this.evaluate(expression.value);
        const value = expression.operator === '' ? right : arithmetic(expression.operator, toNumber(yield* this.evaluate(expression.target)), toNumber(right));
        yield* this.assign(expression.target, value);
        return value;
      }
      case 'step': {
        const before = toNumber(yield* this.evaluate(expression.target));
        yield* this.assign(expression.target, before + expression.by);
        return expression.after ? before : before + expression.by;
      }
      case 'conditional':
        return truth(yield* this.evaluate(expression.test)) ? yield* this.evaluate(expression.yes) : yield* this.evaluate(expression.no);
      case 'unary': {
        const value = yield* this.evaluate(expression.value);
        return expression.operator === '!' ? (truth(value) ? 0 : 1) : expression.operator === '-' ? -toNumber(value) : toNumber(value);
      }
      case 'match': {
        const value = toText(yield* this.evaluate(expression.value), this.convert);
        return (yield* this.pattern(expression.pattern)).test(value) === expression.negated ? 0 : 1;
      }
      case 'binary':
        return yield* this.binary(expression);
      case 'call':
        return expression.builtin ? yield* callBuiltin(this, expression.name, expression.values) : yield* this.call(expression.name, expression.values);
      case 'getline':
        return yield* this.getline(expression);
    }
  }

  private *binary({ operator, left, right }: Expression & { kind: 'binary' }): Task<AwkValue> {
    const a = yield* this.evaluate(left);
    if (operator === '&&') return truth(a) && truth(yield* this.evaluate(right)) ? 1 : 0;
    if (operator === '||') return truth(a) || truth(yield* this.evaluate(right)) ? 1 : 0;
    const b = yield* this.evaluate(right);
    switch (operator) {
      case ' ':
        return toText(a, this.convert) + toText(b, this.convert);
      case '<':
        return compareValues(a, b) < 0 ? 1 : 0;
      case '<=':
        return compareValues(a, b) <= 0 ? 1 : 0;
      case '>':
        return compareValues(a, b) > 0 ? 1 : 0;
      case '>=':
        return compareValues(a, b) >= 0 ? 1 : 0;
      case '==':
        return compareValues(a, b) === 0 ? 1 : 0;
      case '!=':
        return compareValues(a, b) !== 0 ? 1 : 0;
      default:
        return arithmetic(operator, toNumber(a), toNumber(b));
    }
  }

  /** A pattern: a regular expression as it stands, or the text of any other value. */
  *pattern(expression: Expression): Task<RegExp> {
    return this.expression(expression.kind === 'regex' ? expression.source : toText(yield* this.evaluate(expression), this.convert));
  }

  expression(source: string): RegExp {
    return compileExpression(source, { extended: true });
  }

  private *call(name: string, values: readonly Expression[]): Task<AwkValue> {
    const definition = this.program.functions.get(name);
    if (!definition) throw new AwkError(`Call to undefined function`);
    if (this.depth > 200) throw new AwkError('function call nesting too deep');
    const locals = new Map<string, AwkValue | AwkArray>();
    for (const [index, parameter] of definition.parameters.entries()) {
      const value = values[index];
      if (value?.kind === 'variable') {
        const given = this.scope(value.name).get(value.name);
        if (given === undefined && usesAsArray(definition.body, parameter)) locals.set(parameter, this.array(value.name));
        else locals.set(parameter, value.name === 'NF' ? this.variable('NF') : given);
      } else locals.set(parameter, value ? yield* this.evaluate(value) : undefined);
    }
    const outer = this.locals;
    this.locals = locals;
    this.depth += 1;
    try {
      yield* this.execute(definition.body);
      return undefined;
    } catch (error) {
      if (error instanceof Jump && error.to === 'return') return error.value;
      throw error;
    } finally {
      this.locals = outer;
      this.depth -= 1;
    }
  }

  // ---- input

  private *getline({ target, file, command }: Expression & { kind: 'getline' }): Task<AwkValue> {
    let line: string | undefined;
    if (file || command) {
      const source = toText(yield* this.evaluate((file ?? command) as Expression), this.convert);
      const open = this.streams.reader(source, command !== undefined);
      if (!open) return -1;
      line = yield* open.reader.next();
    } else line = yield* this.input();
    if (line === undefined) return 0;
    if (!file) {
      this.globals.set('NR', toNumber(this.variable('NR')) + 1);
      if (!command) this.globals.set('FNR', toNumber(this.variable('FNR')) + 1);
    }
    if (target) yield* this.assign(target, new Numeric(line));
    else this.setRecord(line);
    return 1;
  }

  // ---- output

  *write(text: string): Task {
    this.out += text;
    if (this.out.length > 16_384) yield* this.flush();
  }

  *flush(): Task {
    const text = this.out;
    this.out = '';
    if (text !== '') yield* this.system.stdout.write(text);
  }

  *close(name: string): Task<number> {
    return yield* this.streams.close(name);
  }

  *finish(): Task {
    yield* this.flush();
    yield* this.streams.closeAll();
  }

  reseed(seed: number): number {
    const before = this.seed;
    this.seed = seed;
    this.random = this.system.random.fork(`awk/${seed}`);
    return before;
  }

  // ---- statements

  *execute(statement: Statement): Task {
    if (this.system.process.charge(0.5)) yield* this.system.process.settle();
    switch (statement.kind) {
      case 'expression':
        yield* this.evaluate(statement.value);
        return;
      case 'block':
        for (const each of statement.body) yield* this.execute(each);
        return;
      case 'print':
        return yield* this.print(statement);
      case 'if':
        if (truth(yield* this.evaluate(statement.test))) yield* this.execute(statement.yes);
        else if (statement.no) yield* this.execute(statement.no);
        return;
      case 'while':
        if (!statement.first && !(yield* this.loopBody(statement.body))) return;
        while (truth(yield* this.evaluate(statement.test))) if (!(yield* this.loopBody(statement.body))) return;
        return;
      case 'for':
        if (statement.start) yield* this.execute(statement.start);
        while (!statement.test || truth(yield* this.evaluate(statement.test))) {
          if (!(yield* this.loopBody(statement.body))) return;
          if (statement.step) yield* this.execute(statement.step);
        }
        return;
      case 'for-in':
        for (const key of [...this.array(statement.name).keys()]) {
          this.setVariable(statement.variable, new Numeric(key));
          if (!(yield* this.loopBody(statement.body))) return;
        }
        return;
      case 'jump':
        throw new Jump(statement.to);
      case 'exit':
        if (statement.value) this.exitCode = toNumber(yield* this.evaluate(statement.value)) & 255;
        throw new Jump('exit');
      case 'return':
        throw new Jump('return', statement.value ? yield* this.evaluate(statement.value) : undefined);
      case 'delete':
        if (statement.index) this.array(statement.name).delete(yield* this.key(statement.index));
        else this.array(statement.name).clear();
    }
  }

  /** False when the loop was left. */
  private *loopBody(body: Statement): Task<boolean> {
    try {
      yield* this.execute(body);
      return true;
    } catch (error) {
      if (error instanceof Jump && error.to === 'break') return false;
      if (error instanceof Jump && error.to === 'continue') return true;
      throw error;
    }
  }

  private *print(statement: Statement & { kind: 'print' }): Task {
    const values: AwkValue[] = [];
    for (const value of statement.values) values.push(yield* this.evaluate(value));
    let text: string;
    if (statement.formatted) text = formatText(toText(values[0], this.convert), values.slice(1), this.convert);
    else {
      const format = this.text('OFMT');
      text = (values.length === 0 ? this.record : values.map((value) => toText(value, format)).join(this.text('OFS'))) + this.text('ORS');
    }
    if (!statement.redirect) return yield* this.write(text);
    const target = toText(yield* this.evaluate(statement.redirect.target), this.convert);
    yield* this.flush();
    yield* this.streams.output(statement.redirect.operator, target).write(text);
  }

  // ---- rules

  /** Runs the rules of one kind; true when the program is to end. */
  *runRules(kind: 'BEGIN' | 'END' | 'main'): Task<'exit' | 'nextfile' | undefined> {
    try {
      for (const rule of this.program.rules) {
        if (kind === 'main' ? typeof rule.pattern === 'string' : rule.pattern !== kind) continue;
        if (kind === 'main' && !(yield* this.selects(rule))) continue;
        if (rule.body) yield* this.execute(rule.body);
        else yield* this.write(this.record + this.text('ORS'));
      }
    } catch (error) {
      if (!(error instanceof Jump)) throw error;
      if (error.to === 'exit') return 'exit';
      if (error.to === 'nextfile') return 'nextfile';
    }
    return undefined;
  }

  private *selects(rule: AwkProgram['rules'][number]): Task<boolean> {
    if (rule.pattern === undefined || typeof rule.pattern === 'string') return true;
    if (!rule.end) return truth(yield* this.evaluate(rule.pattern));
    if (!rule.active && !truth(yield* this.evaluate(rule.pattern))) return false;
    rule.active = !truth(yield* this.evaluate(rule.end));
    return true;
  }
}
