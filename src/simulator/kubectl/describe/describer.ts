import type { Task } from '../../kernel';
import type { Context } from '../command';
import type { Fields } from '../fields';
import type { Writer } from './writer';

/** Writes an object's description, all but its events. May ask the server for more. */
export type Describer = (context: Context, object: Fields) => Task<Writer>;
