import type { Task } from '../../../kernel';
import type { Context } from '../../command';
import { CommandError } from '../../errors';
export function* editThenCreate(context: Context): Task<void> { void context; throw new CommandError('edit'); }
