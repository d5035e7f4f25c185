import type { Executable } from '../process/program';
import { copyCommands } from './copy';
import { diskCommands } from './disk';
import { ls } from './ls';
import { linkCommands } from './links';
import { ownershipCommands } from './ownership';

/** Commands about files and folders. */
export const fileCommands: Readonly<Record<string, Executable>> = { ls, ...copyCommands, ...linkCommands, ...ownershipCommands, ...diskCommands };
