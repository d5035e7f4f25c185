import { assignable, type CelType, celTypes, listOf, mapOf, optionalOf } from '../types';

/** One way to call a function. */
export interface Overload {
  /** Called as target.name(args): the first parameter is the target. */
  readonly member: boolean;
  readonly params: readonly CelType[];
  readonly result: CelType | ((args: readonly CelType[]) => CelType);
  readonly run: (args: readonly unknown[]) => unknown;
}

/** All functions of a library by name. */
export type Library = Readonly<Record<string, readonly Overload[]>>;

const shorthand: Readonly<Record<string, CelType>> = {
  ...celTypes, list: listOf(celTypes.dyn), strings: listOf(celTypes.string), map: mapOf(celTypes.dyn, celTypes.dyn), optional: optionalOf(celTypes.dyn), opt_string: optionalOf(celTypes.string), opt_strings: optionalOf(listOf(celTypes.string)),
};

const typeOf = (name: string): CelType => shorthand[name] ?? { name };

type Result = string | ((args: readonly CelType[]) => CelType);

function overload(member: boolean, params: string, result: Result, run: (...args: never[]) => unknown): Overload {
  return {
    member,
    params: params === '' ? [] : params.split(' ').map(typeOf),
    result: typeof result === 'string' ? typeOf(result) : result,
    run: (args) => run(...(args as never[])),
  };
}

/** name(params) */
export const global = (params: string, result: Result, run: (...args: never[]) => unknown): Overload => overload(false, params, result, run);
/** first.name(rest) */
export const method = (params: string, result: Result, run: (...args: never[]) => unknown): Overload => overload(true, params, result, run);

/** The overloads of a call that these argument types fit. */
export const fitting = (overloads: readonly Overload[], member: boolean, args: readonly CelType[]): Overload[] =>
  overloads.filter((candidate) => candidate.member === member && candidate.params.length === args.length && candidate.params.every((param, i) => assignable(args[i] as CelType, param)));

/** The element type of the first argument. */
export const elementOfFirst = (args: readonly CelType[]): CelType => args[0]?.element ?? celTypes.dyn;
