import { type Duration, race, seconds, sleep, type Task, within } from '../../kernel';
import { SystemError } from '../interface';
import { memoryInfo, uptimeSeconds } from '../files/proc';
import type { LinuxProcess } from '../process/process';
import { command, type Executable, instant, type Output } from '../process/program';
import { parseSignal, type Signal, signalNames, signalNumber } from '../process/signals';
import type { SystemCalls } from '../process/system';
import { userName } from '../process/users';
import { parseDuration } from './basic';
import { formatDate } from './time-format';
import { because, type Options, task, tool, UsageError } from './tool';

const baseName = (path: string): string => path.replace(/^.*\//, '');

const everyProcess = (system: SystemCalls): LinuxProcess[] => [...system.process.world.pids.processes.values()].sort((a, b) => a.pid - b.pid);

const parentOf = (process: LinuxProcess): number => process.parent?.pid ?? 0;

/** A process's command line as ps shows it; a zombie's name stands in brackets. */
const commandOf = (system: SystemCalls, process: LinuxProcess): string => (process.ended ? `[${baseName(process.argv[0] ?? '')}]` : (process.title ?? (process === system.process ? system.argv : process.argv)).join(' ').replace(/[\x00-\x1f]/g, ' '));

const stateOf = (system: SystemCalls, process: LinuxProcess): string => (process.ended ? 'Z' : process.stopped ? 'T' : process === system.process ? 'R' : 'S');

const clock = (total: number): string => `${Math.floor(total / 60)}:${String(Math.floor(total % 60)).padStart(2, '0')}`;

interface Column {
  readonly title: string;
  readonly width: number;
  readonly right?: boolean;
  readonly value: (system: SystemCalls, process: LinuxProcess) => string;
}

const user = (system: SystemCalls, process: LinuxProcess): string => (userName(system.files, process.uid) ?? String(process.uid)).slice(0, 8);

const columns: Readonly<Record<string, Column>> = {
  pid: { title: 'PID', width: 5, right: true, value: (_system, process) => String(process.pid) },
  ppid: { title: 'PPID', width: 5, right: true, value: (_system, process) => String(parentOf(process)) },
  pgid: { title: 'PGID', width: 5, right: true, value: (_system, process) => String(process.group) },
  sid: { title: 'SID', width: 5, right: true, value: (_system, process) => String(process.session) },
  user: { title: 'USER', width: 8, value: user },
  group: { title: 'GROUP', width: 8, value: (_system, process) => String(process.gid) },
  comm: { title: 'COMMAND', width: 16, value: (_system, process) => baseName(process.argv[0] ?? '') },
  args: { title: 'COMMAND', width: 256, value: commandOf },
  stat: { title: 'STAT', width: 4, value: stateOf },
  time: { title: 'TIME', width: 5, right: true, value: (_system, process) => clock(process.cpu / 1_000_000) },
  etime: { title: 'ELAPSED', width: 7, right: true, value: (system, process) => clock((system.now - process.startedAt) / 1_000_000) },
  vsz: { title: 'VSZ', width: 4, right: true, value: (_system, process) => String(Math.floor(process.memoryBytes / 1024) + 4000) },
  rss: { title: 'RSS', width: 4, right: true, value: (_system, process) => String(Math.floor(process.memoryBytes / 1024)) },
  tty: { title: 'TT', width: 6, value: (_system, process) => (process.terminal ? '136,0' : '?') },
  nice: { title: 'NI', width: 5, right: true, value: () => '0' },
};

const ps = command(function* (system) {
  const { argv } = system;
  let names = ['pid', 'user', 'time', 'args'];
  const titles = new Map<string, string>();
  for (let index = 1; index < argv.length; index++) {
    const word = argv[index] as string;
    const given = word === '-o' ? argv[(index += 1)] : word.startsWith('-o') ? word.slice(2) : undefined;
    if (given === undefined) continue;
    if (titles.size === 0) names = [];
    for (const item of given.split(',')) {
      const [name = '', title] = item.split('=');
      if (!columns[name]) {
        yield* system.stderr.write(`ps: bad -o argument '${name}', supported arguments: ${Object.keys(columns).join(',')}\n`);
        return 1;
      }
      names.push(name);
      titles.set(`${names.length - 1}`, title ?? columns[name].title);
    }
  }
  const shown = names.map((name, index) => ({ column: columns[name] as Column, title: titles.get(String(index)) ?? (columns[name] as Column).title }));
  const line = (cells: readonly string[]) => `${cells.map((cell, index) => {
    const { width, right } = (shown[index] as (typeof shown)[number]).column;
    return right ? cell.padStart(width) : index === shown.length - 1 ? cell : cell.padEnd(width);
  }).join(' ')}\n`;
  yield* system.stdout.write(line(shown.map(({ title, column }) => title.padEnd(column.right ? column.width : 0))));
  for (const process of everyProcess(system)) yield* system.stdout.write(line(shown.map(({ column }) => column.value(system, process))));
  return 0;
});

/** Finds processes by name: as killall and pidof do. */
const named = (system: SystemCalls, name: string): LinuxProcess[] => everyProcess(system).filter((process) => !process.ended && (baseName(process.argv[0] ?? '') === baseName(name) || process.argv[0] === name));

function send(system: SystemCalls, pid: number, signal: Signal | 0, name: string, out: Output): boolean {
  try {
    system.kill(pid, signal);
    return true;
  } catch (error) {
    out.error(`${name}: can't kill pid ${pid}: ${because(error)}\n`);
    return false;
  }
}

/** Takes -9, -TERM, -s TERM off the front of words. */
function signalOption(words: string[], fallback: Signal): Signal | 0 | string {
  const [first] = words;
  if (first === '-s') {
    const name = words[1] ?? '';
    words.splice(0, 2);
    return parseSignal(name) ?? `bad signal name '${name}'`;
  }
  if (first === undefined || !/^-[A-Z0-9]/i.test(first) || first === '-q' || first === '-o' || first === '-f' || first === '-x' || first === '-n' || first === '-l' || first === '-v' || first === '-u') return fallback;
  words.shift();
  if (first === '-0') return 0;
  return parseSignal(first.slice(1)) ?? `bad signal name '${first.slice(1)}'`;
}

const kill = instant((system, out) => {
  const words = system.argv.slice(1);
  if (words[0] === '-l') {
    out.write(signalNames.map((name, index) => `${String(index + 1).padStart(2)}) ${name}\n`).join(''));
    return 0;
  }
  const signal = signalOption(words, 'TERM');
  if (typeof signal === 'string' && !signalNames.includes(signal as Signal)) {
    out.error(`kill: ${signal}\n`);
    return 1;
  }
  if (words[0] === '--') words.shift();
  if (words.length === 0) {
    out.error('kill: you need to specify whom to kill\n');
    return 1;
  }
  let status = 0;
  for (const word of words) {
    if (!/^-?\d+$/.test(word)) {
      out.error(`kill: invalid number '${word}'\n`);
      status = 1;
    } else if (!send(system, Number(word), signal as Signal | 0, 'kill', out)) status = 1;
  }
  return status;
});

const killall = instant((system, out) => {
  const words = system.argv.slice(1);
  const signal = signalOption(words, 'TERM');
  const quiet = words[0] === '-q';
  if (quiet) words.shift();
  let status = 0;
  for (const name of words) {
    const found = named(system, name).filter((process) => process !== system.process);
    if (found.length === 0) {
      if (!quiet) out.error(`killall: ${name}: no process killed\n`);
      status = 1;
    }
    for (const process of found) if (!send(system, process.pid, signal as Signal | 0, 'killall', out)) status = 1;
  }
  return status;
});

const pidof = tool({ letters: 'so:' }, (system, options, out) => {
  const found = options.words.flatMap((name) => named(system, name)).filter((process) => process !== system.process || process.argv[0] !== 'sh');
  const pids = found.map((process) => process.pid).filter((pid) => !options.values('o').includes(String(pid))).reverse();
  if (pids.length > 0) out.write(`${(options.has('s') ? pids.slice(0, 1) : pids).join(' ')}\n`);
  return pids.length > 0 ? 0 : 1;
});

function matching(system: SystemCalls, options: Options): LinuxProcess[] {
  const [pattern = ''] = options.words;
  const expression = new RegExp(options.has('x') ? `^(?:${pattern})$` : pattern);
  let found = everyProcess(system).filter((process) => process !== system.process && !process.ended && expression.test(options.has('f') ? process.argv.join(' ') : baseName(process.argv[0] ?? '')) !== options.has('v'));
  if (options.has('P')) found = found.filter((process) => parentOf(process) === options.number('P', 0));
  if (options.has('u')) found = found.filter((process) => [String(process.uid), userName(system.files, process.uid)].includes(options.value('u')));
  if (options.has('n')) found = found.slice(-1);
  if (options.has('o')) found = found.slice(0, 1);
  return found;
}

const pgrep = tool({ letters: 'flnovxs:P:u:a', least: 1 }, (system, options, out) => {
  const found = matching(system, options);
  for (const process of found) out.write(options.has('l') || options.has('a') ? `${process.pid} ${options.has('a') ? process.argv.join(' ') : baseName(process.argv[0] ?? '')}\n` : `${process.pid}\n`);
  return found.length > 0 ? 0 : 1;
});

const pkill = instant((system, out) => {
  const words = system.argv.slice(1);
  const signal = signalOption(words, 'TERM');
  const flags = words.filter((word) => word.startsWith('-'));
  const pattern = words.find((word) => !word.startsWith('-'));
  if (pattern === undefined) throw new UsageError('');
  const given = { words: [pattern], has: (letter: string) => flags.some((flag) => flag.includes(letter)), value: () => undefined, number: () => 0 } as unknown as Options;
  const found = matching(system, given);
  for (const process of found) send(system, process.pid, signal as Signal | 0, 'pkill', out);
  return found.length > 0 ? 0 : 1;
});

const timeout = task({ letters: '+s:k:', least: 2 }, function* (system, options) {
  const [lengthText = '', ...argv] = options.words;
  const length = parseDuration(lengthText);
  if (length === undefined) throw new UsageError(`invalid number '${lengthText}'`);
  const signal = parseSignal(options.value('s') ?? 'TERM');
  if (!signal) throw new UsageError(`bad signal name '${options.value('s') ?? ''}'`);
  const killAfter = options.has('k') ? parseDuration(options.value('k') as string) : undefined;
  try {
    const child = system.spawn(argv);
    const { process } = system;
    const target = process.children.find(({ pid }) => pid === child.pid);
    const passOn = (name: Signal) => () => target?.deliver(name);
    for (const name of ['TERM', 'INT', 'HUP'] as const) process.handle(name, passOn(name));
    const code = length === 0 ? yield* child.wait() : yield* within(length, () => child.wait());
    if (code !== undefined) return code;
    target?.deliver(signal);
    if (killAfter !== undefined && (yield* within(killAfter, () => child.wait())) === undefined) target?.deliver('KILL');
    yield* child.wait();
    // busybox lets the command itself take its place: its parent sees it killed
    process.handle(signal, undefined);
    if (target?.signal && process.pid !== 1) process.deliver(target.signal);
    return 128 + signalNumber(signal);
  } catch (error) {
    yield* system.stderr.write(`timeout: can't execute '${argv[0]}': ${because(error)}\n`);
    return error instanceof SystemError && error.code === 'ENOENT' ? 127 : 126;
  }
});

/** Runs another program in the place of this one. */
function* replaceBy(system: SystemCalls, argv: readonly string[], name: string): Task<number> {
  try {
    return yield* system.spawn(argv).wait();
  } catch (error) {
    yield* system.stderr.write(`${name}: can't execute '${argv[0]}': ${because(error)}\n`);
    return error instanceof SystemError && error.code === 'ENOENT' ? 127 : 126;
  }
}

const nohup = task({ letters: '+', least: 1 }, function* (system, options) {
  system.process.handle('HUP', 'ignore');
  if (system.stdout.isTerminal) {
    yield* system.stderr.write('nohup: appending output to nohup.out\n');
    system.process.setFd(1, system.files.openHandle('nohup.out', { write: true, create: true, append: true }));
    if (system.stderr.isTerminal) system.process.setFd(2, system.stdout.retain());
  }
  return yield* replaceBy(system, options.words, 'nohup');
});

const passing = (letters: string, name: string): Executable => task({ letters: `+${letters}` }, (system, options) => replaceBy(system, options.words.length > 0 ? options.words : ['sh'], name));

const time = task({ letters: '+vpao:f:' }, function* (system, options) {
  const started = system.now;
  const code = options.words.length > 0 ? yield* replaceBy(system, options.words, 'time') : 0;
  const total = (system.now - started) / 1_000_000;
  const shown = options.has('p') ? `real ${total.toFixed(2)}\nuser 0.00\nsys 0.00\n` : `real\t${Math.floor(total / 60)}m ${(total % 60).toFixed(2)}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`;
  yield* system.stderr.write(shown);
  return code;
});

const uptime = instant((system, out) => {
  const total = Math.floor(uptimeSeconds(system.process.world));
  const days = Math.floor(total / 86_400);
  const hours = Math.floor((total % 86_400) / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  out.write(` ${formatDate(system.now, '%H:%M:%S')} up ${days > 0 ? `${days} days, ` : ''}${hours > 0 ? `${String(hours).padStart(2)}:${String(minutes).padStart(2, '0')}` : `${minutes} min`},  0 users,  load average: 0.10, 0.08, 0.05\n`);
  return 0;
});

const free = tool({ letters: 'bkmgh' }, (system, options, out) => {
  const { total, used, free: left } = memoryInfo(system.process.world);
  const unit = options.has('b') ? 1 : options.has('m') ? 1_048_576 : options.has('g') ? 1024 ** 3 : 1024;
  const show = (bytes: number) => (options.has('h') ? `${(bytes / 1_048_576).toFixed(1)}M` : String(Math.floor(bytes / unit))).padStart(12);
  const cached = 512 * 1024 ** 2;
  out.write(`              total        used        free      shared  buff/cache   available\nMem:   ${show(total)}${show(used)}${show(left - cached)}${show(0)}${show(cached)}${show(left)}\nSwap:  ${show(0)}${show(0)}${show(0)}\n`);
  return 0;
});

/** One screen of top. */
function topScreen(system: SystemCalls, rows: number): string {
  const { total, used, free: left } = memoryInfo(system.process.world);
  const k = (bytes: number) => Math.floor(bytes / 1024);
  const processes = everyProcess(system);
  let text = `Mem: ${k(used)}K used, ${k(left)}K free, 0K shrd, 0K buff, ${k(512 * 1024 ** 2)}K cached\nCPU:   1% usr   1% sys   0% nic  98% idle   0% io   0% irq   0% sirq\nLoad average: 0.10 0.08 0.05 1/${processes.length + 100} ${system.pid}\n  PID  PPID USER     STAT   VSZ %VSZ %CPU COMMAND\n`;
  for (const process of processes.slice(0, Math.max(1, rows - 5))) {
    const size = k(process.memoryBytes) + 4000;
    text += `${String(process.pid).padStart(5)} ${String(parentOf(process)).padStart(5)} ${user(system, process).padEnd(8)} ${stateOf(system, process).padEnd(4)} ${String(size).padStart(5)} ${`${Math.floor((size * 102_400) / total)}%`.padStart(4)} ${'0%'.padStart(4)} ${commandOf(system, process)}\n`;
  }
  return text;
}

const top = task({ letters: 'bn:d:mHp:' }, function* (system, options) {
  const rounds = options.number('n', Infinity);
  const interval: Duration = seconds(Number(options.value('d') ?? 5));
  for (let round = 0; round < rounds; round++) {
    if (!options.has('b')) yield* system.stdout.write('\x1b[H\x1b[J');
    yield* system.stdout.write(topScreen(system, options.has('b') ? 1000 : (system.terminalSize?.rows ?? 24)));
    if (round + 1 >= rounds) break;
    if (yield* pausedOrQuit(system, interval, options.has('b'))) break;
  }
  return 0;
});

/** Waits; true when q was typed meanwhile. */
function* pausedOrQuit(system: SystemCalls, interval: Duration, batch: boolean): Task<boolean> {
  const { terminal } = system.process;
  if (batch || !terminal || !system.stdin.isTerminal) {
    yield* sleep(interval);
    return false;
  }
  const before = { ...terminal.modes };
  terminal.modes.canonical = false;
  terminal.modes.echo = false;
  try {
    const { winner, value } = yield* race({ key: () => system.stdin.read(1), time: () => sleep(interval) });
    return winner === 'key' && (value === undefined || (value as Uint8Array)[0] === 113);
  } finally {
    Object.assign(terminal.modes, before);
  }
}

const watch = task({ letters: '+n:dt', least: 1 }, function* (system, options) {
  const interval = seconds(Number(options.value('n') ?? 2));
  const line = options.words.join(' ');
  for (;;) {
    const title = options.has('t') ? '' : `Every ${(interval / 1_000_000).toFixed(1)}s: ${line}`.padEnd(60) + `${formatDate(system.now, '%Y-%m-%d %H:%M:%S')}\n\n`;
    yield* system.stdout.write(`\x1b[H\x1b[J${title}`);
    yield* system.spawn(['sh', '-c', line]).wait();
    yield* sleep(interval);
  }
});

const dmesg = tool({ letters: 'cn:rs:' }, (system, _options, out) => {
  if (system.process.world.privileged) return 0;
  out.error('dmesg: klogctl: Operation not permitted\n');
  return 1;
});

const su = task({ letters: '+c:s:lmp' }, function* (system, options) {
  if (system.uid !== 0) {
    yield* system.stderr.write('su: must be suid to work properly\n');
    return 1;
  }
  const text = options.value('c');
  return yield* replaceBy(system, text === undefined ? ['sh'] : ['sh', '-c', text], 'su');
});

const stty = instant((system, out) => {
  const size = system.process.terminal?.size;
  if (!system.stdin.isTerminal || !size) {
    out.error('stty: standard input: Not a tty\n');
    return 1;
  }
  if (system.argv[1] === 'size') out.write(`${size.rows} ${size.columns}\n`);
  else if (system.argv.length === 1) out.write(`speed 38400 baud; line = 0;\n-brkint -imaxbel\n`);
  for (const word of system.argv.slice(1)) {
    const modes = system.process.terminal?.modes;
    if (!modes) break;
    if (word === 'echo' || word === '-echo') modes.echo = word === 'echo';
    if (word === 'raw' || word === '-icanon') modes.canonical = false;
    if (word === 'sane' || word === 'icanon' || word === '-raw') Object.assign(modes, { canonical: true, echo: true, signals: true });
  }
  return 0;
});

const cal = tool({ letters: 'jy' }, (system, _options, out) => {
  const title = formatDate(system.now, '%B %Y');
  const day = Number(formatDate(system.now, '%d'));
  const weekday = Number(formatDate(system.now, '%w'));
  const first = (((weekday - (day - 1)) % 7) + 7) % 7;
  const month = Number(formatDate(system.now, '%m'));
  const year = Number(formatDate(system.now, '%Y'));
  const length = month === 2 ? ((year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  const cells = [...Array.from({ length: first }, () => '  '), ...Array.from({ length }, (_value, index) => String(index + 1).padStart(2))];
  out.write(`${' '.repeat(Math.floor((20 - title.length) / 2))}${title}\nSu Mo Tu We Th Fr Sa\n`);
  for (let i = 0; i < cells.length; i += 7) out.write(`${cells.slice(i, i + 7).join(' ')}\n`);
  return 0;
});

const lsof = task({ letters: '' }, function* (system) {
  for (const process of everyProcess(system)) for (const [fd, handle] of process.fds.entries()) if (handle) yield* system.stdout.write(`${process.pid}\t${process.argv[0]}\t${fd}\t${handle.name}\n`);
  return 0;
});

const last = tool({ letters: 'wf:' }, (_system, _options, out) => (out.write('USER       TTY            HOST               LOGIN        TIME\n'), 0));

const nice = task({ letters: '+n:' }, (system, options) => (options.words.length > 0 ? replaceBy(system, options.words, 'nice') : printZero(system)));

function* printZero(system: SystemCalls): Task<number> {
  yield* system.stdout.write('0\n');
  return 0;
}

/** Commands about processes and the machine. */
export const processCommands: Readonly<Record<string, Executable>> = {
  ps, kill, killall, pidof, pgrep, pkill, timeout, nohup, time, uptime, free, top, watch, dmesg, su, stty, cal, lsof, last, nice,
  setsid: passing('c', 'setsid'),
  who: instant(() => 0),
};
