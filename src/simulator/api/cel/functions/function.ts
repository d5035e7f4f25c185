import { type CelType, readType } from '../types';

/** One way to call a function. */
export interface Overload {
  /** Called as target.name(args): the first parameter is the target. */
  readonly member: boolean;
  readonly params: readonly CelType[];
  readonly result: CelType;
  readonly run: (args: readonly unknown[]) => unknown;
}

/** All functions of a library by name. */
export type Library = Readonly<Record<string, readonly Overload[]>>;

function overload(member: boolean, params: string, result: string, run: (...args: never[]) => unknown): Overload {
  return { member, params: params === '' ? [] : params.split(' ').map(readType), result: readType(result), run: (args) => run(...(args as never[])) };
}

/** name(params) */
export const global = (params: string, result: string, run: (...args: never[]) => unknown): Overload => overload(false, params, result, run);
/** first.name(rest) */
export const method = (params: string, result: string, run: (...args: never[]) => unknown): Overload => overload(true, params, result, run);
