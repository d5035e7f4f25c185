import { CelCompileError, type CelEnvironment, celMapOf, celObjectOf, type CelProgram, type CelType, celTypes, celTypeText, compileCel, type DeviceSelector } from '../../../api';
import type { Errors, Path } from '../../field';
import { checkItems } from './names';

const { any, bool, quantity, string } = celTypes;
const selectorLimit = 32;
const expressionLimit = 10 * 1024;

/** What the expression of a selector sees of a device (kubernetes.io: CELDeviceSelector). */
const environment: CelEnvironment = {
  variables: {
    device: celObjectOf('kubernetes.DRADevice', new Map([
      ['driver', string],
      ['attributes', celMapOf(celMapOf(any))],
      ['capacity', celMapOf(celMapOf(quantity))],
      ['allowMultipleAllocations', bool],
    ])),
  },
};

const programs = new Map<string, CelProgram>();
const remembered = 1024;

function compileSelector(expression: string): CelProgram {
  const known = programs.get(expression);
  if (known) return known;
  const program = compileCel(expression, environment);
  if (programs.size >= remembered) programs.clear();
  programs.set(expression, program);
  return program;
}

/** A type as the message about results shows it. */
const resultText = (type: CelType): string => celTypeText(type).replace(/\bnull\b/g, 'null_type').replace(/\b(any|duration|timestamp)\b/g, (name) => `google.protobuf.${name.charAt(0).toUpperCase()}${name.slice(1)}`);

function checkSelector({ cel }: DeviceSelector, path: Path, errors: Errors): void {
  if (!cel) return errors.required(path.child('cel'));
  const at = path.child('cel').child('expression');
  const { expression } = cel;
  if (expression.length > expressionLimit) return errors.tooLong(at, expressionLimit);
  try {
    const { type } = compileSelector(expression);
    if (type !== bool && type !== any) errors.invalid(at, expression, `must evaluate to bool or the unknown type, not ${resultText(type)}`);
  } catch (error) {
    if (!(error instanceof CelCompileError)) throw error;
    errors.invalid(at, expression, error.message);
  }
}

/** Checks the selectors of a request or class. */
export function checkSelectors(selectors: readonly DeviceSelector[] | undefined, path: Path, errors: Errors): void {
  checkItems(selectors, selectorLimit, path, errors, (selector, at) => checkSelector(selector, at, errors));
}
