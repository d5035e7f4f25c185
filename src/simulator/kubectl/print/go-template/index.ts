import { CommandError } from '../../errors';
import type { Printer } from '../printer';
export function goTemplatePrinter(out: (text: string) => void, template: string, allowMissing: boolean): Printer { void out; void allowMissing; throw new CommandError(template); }
