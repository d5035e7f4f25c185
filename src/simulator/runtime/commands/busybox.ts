import { shellCommand } from '../shell/program';
import { command, type Executable } from '../process/program';
import { basicCommands } from './basic';
import { fileCommands } from './files';
import { httpd } from './httpd';
import { interfaceCommands } from './interfaces';
import { nc, telnet } from './nc';
import { nslookup } from './nslookup';
import { processCommands } from './processes';
import { textCommands } from './text';
import { busyboxBanner } from './tool';
import { vi } from './vi';
import { wget } from './wget';

const applets: Readonly<Record<string, Executable>> = { ...basicCommands, ...fileCommands, ...textCommands, ...processCommands, ...interfaceCommands, nc, telnet, nslookup, wget, httpd, vi, sh: shellCommand, ash: shellCommand };

/** The names under which busybox is installed. */
export const busyboxNames: readonly string[] = Object.keys(applets).filter((name) => name !== ':').sort();

const dispatch = command(function* (system) {
  const [, name, ...rest] = system.argv;
  if (name === undefined || name === '--help') {
    yield* system.stdout.write(`${busyboxBanner}\n\nUsage: busybox [function [arguments]...]\n   or: busybox --list\n\nCurrently defined functions:\n\t${busyboxNames.join(', ')}\n`);
    return 0;
  }
  if (name === '--list') {
    yield* system.stdout.write(`${busyboxNames.join('\n')}\n`);
    return 0;
  }
  const applet = applets[name];
  if (!applet) {
    yield* system.stderr.write(`${name}: applet not found\n`);
    return 127;
  }
  system.process.argv = [name, ...rest];
  return yield* applet(system);
});

/** The multi-call binary: which command it is depends on the name it is called by. */
export const busybox: Executable = Object.assign(dispatch, { select: (name: string): Executable | undefined => (name === 'bash' || name === 'dash' || name === '-sh' || name === '-bash' ? shellCommand : applets[name]) });
