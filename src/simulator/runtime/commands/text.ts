import type { Executable } from '../process/program';
import { awk } from './awk';
import { columnCommands } from './columns';
import { findCommands } from './find';
import { grepCommands } from './grep';
import { pageCommands } from './pages';
import { sed } from './sed';
import { sort } from './sort';

/** Commands about the contents of files. */
export const textCommands: Readonly<Record<string, Executable>> = { ...pageCommands, ...grepCommands, ...columnCommands, ...findCommands, awk, sed, sort };
