import { compileJsonPath, JsonPathError, type JsonPath } from '../../api';
import { CommandError } from '../errors';
import type { Fields } from '../fields';
import { goSyntax } from './go-value';
import { indentedJson } from './json';
import type { Printer } from './printer';


/** name.first, .name.first, {name.first} and {.name.first} as a template. Throws for anything else. */
export function relaxedPath(text: string): string {
  if (text === '') return text;
  const match = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(text);
  if (!match) throw new CommandError("unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'");
  return `{.${match[1] ?? match[2]}}`;
}

function parsed(template: string, allowMissingKeys: boolean): JsonPath {
  try {
    return compileJsonPath(template, { allowMissingKeys });
  } catch (error) {
    if (error instanceof JsonPathError) throw new CommandError(`error parsing jsonpath ${template}, ${error.message}`);
    throw error;
  }
}

/** Prints what a jsonpath template finds; `asJson` prints the found values as a JSON list. */
export function jsonPathPrinter(out: (text: string) => void, template: string, allowMissing: boolean, asJson: boolean): Printer {
  const path = parsed(template, allowMissing);
  return (object: Fields) => {
    try {
      if (!asJson) return out(path.print(object));
      for (const values of path.find(object)) out(`${indentedJson(values)}\n`);
    } catch (error) {
      if (!(error instanceof JsonPathError)) throw error;
      throw new CommandError(`error executing jsonpath ${JSON.stringify(template)}: Error executing template: ${error.message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(object)}\n\n`);
    }
  };
}

/** The values that a path finds in an object; empty when it is not there. Throws for paths that are none. */
export function valuesAt(template: string): (object: unknown) => readonly unknown[] {
  const path = compileJsonPath(template, { allowMissingKeys: true });
  return (object) => {
    try {
      return path.find(object).flat();
    } catch (error) {
      if (error instanceof JsonPathError) return [];
      throw error;
    }
  };
}
