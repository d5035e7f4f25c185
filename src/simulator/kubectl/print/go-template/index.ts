import { goValue } from '../../../api';
import { CommandError } from '../../errors';
import { isFields, type Fields } from '../../fields';
import { compactJson } from '../json';
import type { Printer } from '../printer';
import { Float, functions, printed, truth } from './functions';
import { TemplateError } from './lex';
import { parseGoTemplate, type Call, type Expression, type Node, type Pipeline, type Template } from './parse';

class Break extends Error {}
class Continue extends Error {}

const nesting = 1000;

/** Runs a template over data. */
class Run {
  private out = '';
  private depth = 0;

  constructor(private readonly template: Template, private readonly allowMissing: boolean) {}

  text(data: unknown): string {
    this.walk(this.template.nodes, data, [['$', data]]);
    return this.out;
  }

  private walk(nodes: readonly Node[], dot: unknown, scope: [string, unknown][]): void {
    const size = scope.length;
    for (const node of nodes) this.one(node, dot, scope);
    scope.length = size;
  }

  private one(node: Node, dot: unknown, scope: [string, unknown][]): void {
    switch (node.kind) {
      case 'text':
        this.out += node.text;
        return;
      case 'action': {
        const value = this.pipeline(node.pipeline, dot, scope);
        if (node.pipeline.declares.length === 0) this.out += printed(value);
        return;
      }
      case 'if':
      case 'with': {
        const size = scope.length;
        const value = this.pipeline(node.pipeline, dot, scope);
        if (truth(value)) this.walk(node.body, node.kind === 'with' ? value : dot, scope);
        else this.walk(node.otherwise, dot, scope);
        scope.length = size;
        return;
      }
      case 'range':
        return this.range(node, dot, scope);
      case 'template':
        return this.call(node, dot, scope);
      case 'break':
        throw new Break();
      case 'continue':
        throw new Continue();
    }
  }

  private call(node: Node & { kind: 'template' }, dot: unknown, scope: [string, unknown][]): void {
    const body = this.template.defined.get(node.name);
    if (!body) throw new TemplateError(`template ${JSON.stringify(node.name)} not defined`);
    if (++this.depth > nesting) throw new TemplateError('exceeded maximum template depth (100000)');
    const data = node.pipeline ? this.pipeline(node.pipeline, dot, scope) : undefined;
    this.walk(body, data, [['$', data]]);
    this.depth -= 1;
  }

  private range(node: Node & { kind: 'if' | 'with' | 'range' }, dot: unknown, scope: [string, unknown][]): void {
    const size = scope.length;
    const { declares } = node.pipeline;
    const value = this.pipeline({ ...node.pipeline, declares: [] }, dot, scope);
    const inner = value instanceof Float ? value.value : value;
    let entries: [unknown, unknown][];
    if (Array.isArray(inner)) entries = inner.map((item, index) => [index, item]);
    else if (isFields(inner)) entries = Object.keys(inner).sort().map((key) => [key, inner[key]]);
    else if (typeof inner === 'number') entries = Array.from({ length: inner }, (_, index) => [index, index]);
    else if (inner === undefined || inner === null) entries = [];
    else throw new TemplateError(`range can't iterate over ${printed(inner)}`);
    if (entries.length === 0) this.walk(node.otherwise, dot, scope);
    for (const [key, item] of entries) {
      const names: [string, unknown][] = declares.length === 2 ? [[declares[0] as string, key], [declares[1] as string, item]] : declares.length === 1 ? [[declares[0] as string, item]] : [];
      scope.push(...names);
      try {
        this.walk(node.body, item, scope);
      } catch (signal) {
        if (signal instanceof Break) break;
        if (!(signal instanceof Continue)) throw signal;
      } finally {
        scope.length = size;
      }
    }
    scope.length = size;
  }

  private pipeline(pipeline: Pipeline, dot: unknown, scope: [string, unknown][]): unknown {
    let value: unknown;
    pipeline.commands.forEach((command, index) => {
      value = this.located(command, dot, scope, index > 0 ? [value] : []);
    });
    for (const name of pipeline.declares) {
      const known = pipeline.assigns ? [...scope].reverse().find(([other]) => other === name) : undefined;
      if (known) known[1] = value;
      else scope.push([name, value]);
    }
    return value;
  }

  private located(call: Call, dot: unknown, scope: [string, unknown][], piped: readonly unknown[]): unknown {
    try {
      return this.command(call.operands, dot, scope, piped);
    } catch (error) {
      if (!(error instanceof TemplateError) || error.message.startsWith('template: ')) throw error;
      throw new TemplateError(`template: output:${call.line}:${call.column}: executing "output" at <${call.source}>: ${error.message}`);
    }
  }

  private command(command: readonly Expression[], dot: unknown, scope: [string, unknown][], piped: readonly unknown[]): unknown {
    const [first, ...rest] = command as [Expression, ...Expression[]];
    if (first.kind !== 'function') {
      if (rest.length > 0 || piped.length > 0) throw new TemplateError(`can't give argument to non-function ${describe(first)}`);
      return this.operand(first, dot, scope);
    }
    if (first.name === 'and' || first.name === 'or') {
      let value: unknown;
      for (const operand of rest) {
        value = this.operand(operand, dot, scope);
        if (truth(value) === (first.name === 'or')) return value;
      }
      return piped.length > 0 ? piped[0] : value;
    }
    const values = [...rest.map((operand) => this.operand(operand, dot, scope)), ...piped];
    return (functions[first.name] as (...all: readonly unknown[]) => unknown)(...values);
  }

  private operand(expression: Expression, dot: unknown, scope: [string, unknown][]): unknown {
    switch (expression.kind) {
      case 'dot':
        return dot;
      case 'nil':
        return undefined;
      case 'constant':
        return expression.isFloat === true ? new Float(expression.value as number) : expression.value;
      case 'variable': {
        const found = [...scope].reverse().find(([name]) => name === expression.name);
        if (!found) throw new TemplateError(`undefined variable: ${expression.name}`);
        return found[1];
      }
      case 'function':
        return this.command([expression], dot, scope, []);
      case 'pipeline':
        return this.pipeline(expression.pipeline, dot, scope);
      case 'fields':
        return this.fields(this.operand(expression.of, dot, scope), expression.path);
    }
  }

  private fields(value: unknown, path: readonly string[]): unknown {
    let current = value;
    path.forEach((name) => {
      if (current === undefined || current === null) {
        current = undefined;
        return;
      }
      if (!isFields(current)) throw new TemplateError(`can't evaluate field ${name} in type ${Array.isArray(current) ? '[]interface {}' : typeof current === 'number' ? 'int64' : typeof current === 'boolean' ? 'bool' : 'string'}`);
      if (!(name in current) && !this.allowMissing) throw new TemplateError(`map has no entry for key ${JSON.stringify(name)}`);
      current = current[name];
    });
    return current;
  }
}

const describe = (expression: Expression): string => (expression.kind === 'fields' ? `.${expression.path.join('.')}` : expression.kind === 'variable' ? expression.name : String((expression as { value?: unknown }).value ?? '.'));

const names = new Set(Object.keys(functions));

/** Prints objects by a Go template with kubectl's functions. */
export function goTemplatePrinter(out: (text: string) => void, text: string, allowMissing: boolean): Printer {
  let template: Template;
  try {
    template = parseGoTemplate(text, names);
  } catch (error) {
    if (error instanceof TemplateError) throw new CommandError(`error parsing template ${text}, ${error.message}`);
    throw error;
  }
  return (object: Fields) => {
    try {
      out(new Run(template, allowMissing).text(object));
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      out(`Error executing template: ${error.message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${text}\n\traw data was:\n\t\t${compactJson(object)}\n\tobject given to template engine was:\n\t\t${goValue(object)}\n\n`);
      throw new CommandError(`error executing template ${JSON.stringify(text)}: ${error.message}`);
    }
  };
}
