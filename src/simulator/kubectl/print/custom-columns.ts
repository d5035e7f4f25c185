import type { Context } from '../command';
import { CommandError } from '../errors';
import type { Printer } from './printer';
export const isColumnsFormat = (format: string): boolean => /^custom-columns(-file)?(=|$)/.test(format);
export function columnsPrinter(context: Context, format: string): Printer { void context; throw new CommandError(format); }
