import type { Executable } from '../process/program';
import { pageCommands } from './pages';

/** Commands about the contents of files. */
export const textCommands: Readonly<Record<string, Executable>> = { ...pageCommands };
