import type { Executable } from '../process/program';
import { archiveCommands } from './archive';
import { awk } from './awk';
import { columnCommands } from './columns';
import { compareCommands } from './compare';
import { digestCommands } from './digests';
import { dumpCommands } from './dumps';
import { findCommands } from './find';
import { grepCommands } from './grep';
import { pageCommands } from './pages';
import { sed } from './sed';
import { sort } from './sort';

/** Commands about the contents of files. */
export const textCommands: Readonly<Record<string, Executable>> = { ...pageCommands, ...grepCommands, ...columnCommands, ...findCommands, ...archiveCommands, ...compareCommands, ...digestCommands, ...dumpCommands, awk, sed, sort };
