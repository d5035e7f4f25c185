import { seconds, sleep as kernelSleep } from '../../kernel';
import { machine } from '../files/proc';
import { command, type Executable, instant } from '../process/program';
import { groupName, groups, userName, users } from '../process/users';
import { findFile } from '../process/execute';
import { SystemError } from '../interface';
import { echo } from './echo';
import { evaluateExpression } from './expr';
import { formatGeneral, printf } from './printf';
import { test } from './test';
import { formatDate, parseDate } from './time-format';
import { because, task, tool, UsageError } from './tool';

const suffixes: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** A length of time as sleep and timeout take it, in microseconds; undefined if it is none. */
export function parseDuration(text: string): number | undefined {
  if (text === 'inf' || text === 'infinity') return seconds(1e9);
  const match = /^(\d+(?:\.\d*)?|\.\d+)([smhd]?)$/.exec(text);
  return match ? Math.round(Number(match[1]) * (suffixes[match[2] as string] as number) * 1_000_000) : undefined;
}

function sleepLength(argv: readonly string[]): number | undefined {
  let total = 0;
  if (argv.length < 2) return undefined;
  for (let i = 1; i < argv.length; i++) {
    const length = parseDuration(argv[i] as string);
    if (length === undefined) return undefined;
    total += length;
  }
  return total;
}

const sleepCommand: Executable = Object.assign(
  command(function* (system) {
    const length = sleepLength(system.argv);
    if (length === undefined) {
      const wrong = system.argv.slice(1).find((word) => parseDuration(word) === undefined);
      yield* system.stderr.write(wrong === undefined ? 'BusyBox v1.36.1 (2024-09-26 21:31:42 UTC) multi-call binary.\n\nUsage: sleep [N]...\n' : `sleep: invalid number '${wrong}'\n`);
      return 1;
    }
    yield* kernelSleep(length);
    return 0;
  }),
  { pause: sleepLength },
);

const date = tool({ letters: 'ud:D:r:I::Rs:', long: { utc: 'u', date: 'd', rfc: 'R' } }, (system, options, out) => {
  let time = system.now;
  const given = options.value('d');
  if (given !== undefined) {
    const parsed = parseDate(given, system.now);
    if (parsed === undefined) throw new UsageError(`invalid date '${given}'`.replace('invalid', 'invalid'));
    time = parsed;
  }
  const reference = options.value('r');
  if (reference !== undefined) {
    try {
      time = system.files.status(reference).modifiedAt;
    } catch (error) {
      out.error(`date: ${reference}: ${because(error)}\n`);
      return 1;
    }
  }
  const [word] = options.words;
  let format = '%a %b %e %H:%M:%S %Z %Y';
  if (word?.startsWith('+')) format = word.slice(1);
  else if (options.has('R')) format = '%a, %d %b %Y %H:%M:%S %z';
  else if (options.has('I')) format = { '': '%Y-%m-%d', date: '%Y-%m-%d', hours: '%Y-%m-%dT%H+00:00', minutes: '%Y-%m-%dT%H:%M+00:00', seconds: '%Y-%m-%dT%H:%M:%S+00:00' }[options.value('I') ?? ''] ?? '%Y-%m-%d';
  else if (word !== undefined) {
    out.error(`date: can't set date: Operation not permitted\n`);
    return 1;
  }
  out.write(`${formatDate(time, format)}\n`);
  return 0;
});

const seq = task({ letters: '+ws:', least: 1 }, function* (system, options) {
  const numbers = options.words.map((word) => {
    const value = Number(word);
    if (word === '' || Number.isNaN(value)) throw new UsageError(`invalid number '${word}'`);
    return value;
  });
  const decimals = Math.max(0, ...options.words.map((word) => (word.split('.')[1] ?? '').length));
  const first = numbers.length > 1 ? (numbers[0] as number) : 1;
  const step = numbers.length > 2 ? (numbers[1] as number) : 1;
  const last = numbers[numbers.length - 1] as number;
  const separator = options.value('s') ?? '\n';
  const width = options.has('w') ? Math.max(...[first, last].map((n) => n.toFixed(decimals).length)) : 0;
  if (step === 0) throw new UsageError('');
  let block = '';
  for (let i = 0; ; i++) {
    const value = first + step * i;
    if (step > 0 ? value > last + 1e-9 : value < last - 1e-9) {
      if (i > 0) yield* system.stdout.write(`${block}\n`);
      return 0;
    }
    const text = value.toFixed(decimals);
    block += `${i > 0 ? separator : ''}${width > 0 ? (text.startsWith('-') ? `-${text.slice(1).padStart(width - 1, '0')}` : text.padStart(width, '0')) : text}`;
    if (block.length < 4096) continue;
    if (!system.stdout.tryWrite(block)) yield* system.stdout.write(block);
    block = '';
    if (system.process.charge(20)) yield* system.process.settle();
  }
});

const id = tool({ letters: 'ugGnr' }, (system, options, out) => {
  const { files } = system;
  const [name] = options.words;
  let { uid, gid } = system;
  let all: readonly number[] = system.process.groups;
  if (name !== undefined) {
    const user = users(files).find((entry) => entry.name === name);
    if (!user) {
      out.error(`id: unknown user ${name}\n`);
      return 1;
    }
    ({ uid, gid } = user);
    all = [gid, ...groups(files).filter((group) => group.members.includes(name)).map((group) => group.gid)];
  }
  const show = (number: number, text: string | undefined) => (options.has('n') && text !== undefined ? text : String(number));
  if (options.has('u')) out.write(`${show(uid, userName(files, uid))}\n`);
  else if (options.has('g')) out.write(`${show(gid, groupName(files, gid))}\n`);
  else if (options.has('G')) out.write(`${[...new Set([gid, ...all])].map((group) => show(group, groupName(files, group))).join(' ')}\n`);
  else {
    const named = (number: number, text: string | undefined) => `${number}${text === undefined ? '' : `(${text})`}`;
    const list = [...new Set([gid, ...all])].map((group) => named(group, groupName(files, group))).join(',');
    out.write(`uid=${named(uid, userName(files, uid))} gid=${named(gid, groupName(files, gid))} groups=${list}\n`);
  }
  return 0;
});

const env = command(function* (system) {
  const { argv } = system;
  let index = 1;
  let variables: Record<string, string> = { ...system.env };
  for (; index < argv.length; index++) {
    const word = argv[index] as string;
    if (word === '-i' || word === '-') variables = {};
    else if (word === '-u') delete variables[argv[(index += 1)] ?? ''];
    else if (word.startsWith('-u')) delete variables[word.slice(2)];
    else if (word === '--') {
      index += 1;
      break;
    } else break;
  }
  for (; index < argv.length && (argv[index] as string).includes('='); index++) {
    const word = argv[index] as string;
    const at = word.indexOf('=');
    variables[word.slice(0, at)] = word.slice(at + 1);
  }
  if (index >= argv.length) {
    yield* system.stdout.write(Object.entries(variables).map(([name, value]) => `${name}=${value}\n`).join(''));
    return 0;
  }
  const words = argv.slice(index);
  try {
    const child = system.spawn(words, { env: variables });
    return yield* child.wait();
  } catch (error) {
    yield* system.stderr.write(`env: can't execute '${words[0]}': ${because(error)}\n`);
    return error instanceof SystemError && error.code === 'ENOENT' ? 127 : 126;
  }
});

const printenv = tool({ letters: '+' }, (system, options, out) => {
  if (options.words.length === 0) {
    for (const [name, value] of Object.entries(system.env)) out.write(`${name}=${value}\n`);
    return 0;
  }
  let status = 0;
  for (const name of options.words) {
    const value = system.env[name];
    if (value === undefined) status = 1;
    else out.write(`${value}\n`);
  }
  return status;
});

const which = tool({ letters: 'a', least: 1 }, (system, options, out) => {
  let status = 0;
  for (const name of options.words) {
    try {
      out.write(`${findFile(system.process, name, system.env['PATH']).path}\n`);
    } catch (error) {
      because(error);
      status = 1;
    }
  }
  return status;
});

const hostname = tool({ letters: 'sfidF:' }, (system, options, out) => {
  const [name] = options.words;
  if (name !== undefined) {
    if (system.uid !== 0 || !system.process.world.privileged) {
      out.error('hostname: sethostname: Operation not permitted\n');
      return 1;
    }
    system.process.world.hostname = name;
    return 0;
  }
  if (options.has('i')) out.write(`${system.network.addresses.join(' ')}\n`);
  else if (options.has('s')) out.write(`${system.hostname.split('.')[0] as string}\n`);
  else out.write(`${system.hostname}\n`);
  return 0;
});

const uname = tool({ letters: 'asnrvmpio' }, (system, options, out) => {
  const fields: readonly (readonly [string, string])[] = [['s', 'Linux'], ['n', system.hostname], ['r', machine.kernelRelease], ['v', '#1 SMP PREEMPT_DYNAMIC'], ['m', 'x86_64'], ['o', 'GNU/Linux']];
  const asked = fields.filter(([letter]) => options.has('a') || options.has(letter) || (letter === 'm' && (options.has('p') || options.has('i'))));
  out.write(`${(asked.length > 0 ? asked : fields.slice(0, 1)).map(([, value]) => value).join(' ')}\n`);
  return 0;
});

const basename = tool({ letters: '+', least: 1 }, (_system, options, out) => {
  const [path = '', suffix] = options.words;
  let name = path.replace(/\/+$/, '').replace(/^.*\//, '');
  if (name === '' && path.startsWith('/')) name = '/';
  if (suffix !== undefined && name !== suffix && name.endsWith(suffix)) name = name.slice(0, name.length - suffix.length);
  out.write(`${name}\n`);
  return 0;
});

/** dirname(3). */
export function dirnameOf(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  if (trimmed === '') return path.startsWith('/') ? '/' : '.';
  const at = trimmed.lastIndexOf('/');
  return at < 0 ? '.' : at === 0 ? '/' : trimmed.slice(0, at).replace(/\/+$/, '') || '/';
}

const dirname = tool({ letters: '+', least: 1 }, (_system, options, out) => {
  out.write(`${dirnameOf(options.words[0] as string)}\n`);
  return 0;
});

const whoami = tool({ letters: '' }, (system, _options, out) => {
  const name = userName(system.files, system.uid);
  if (name === undefined) out.error(`whoami: unknown uid ${system.uid}\n`);
  else out.write(`${name}\n`);
  return name === undefined ? 1 : 0;
});

const tty = tool({ letters: 's' }, (system, options, out) => {
  if (!options.has('s')) out.write(system.stdin.isTerminal ? `${system.stdin.name}\n` : 'not a tty\n');
  return system.stdin.isTerminal ? 0 : 1;
});

const yes = command(function* (system) {
  const line = `${system.argv.length > 1 ? system.argv.slice(1).join(' ') : 'y'}\n`;
  const block = line.repeat(Math.max(1, Math.floor(4096 / line.length)));
  for (;;) {
    if (!system.stdout.tryWrite(block)) yield* system.stdout.write(block);
    if (system.process.charge(20)) yield* system.process.settle();
  }
});

const factor = tool({ letters: '' }, (_system, options, out) => {
  for (const word of options.words) {
    let rest = Number(word);
    const factors: number[] = [];
    for (let d = 2; d * d <= rest; d++) while (rest % d === 0) {
      factors.push(d);
      rest /= d;
    }
    if (rest > 1) factors.push(rest);
    out.write(`${word}: ${factors.join(' ')}\n`);
  }
  return 0;
});

/** Commands that need nothing but their words and the system. */
export const basicCommands: Readonly<Record<string, Executable>> = {
  true: instant(() => 0),
  false: instant(() => 1),
  ':': instant(() => 0),
  echo: instant((system, out) => echo(system.argv, out)),
  printf: instant((system, out) => printf('printf', system.argv, out)),
  test: instant((system, out) => test('test', system, system.argv, out)),
  '[': instant((system, out) => test('[', system, ['[', ...system.argv.slice(1)], out)),
  '[[': instant((system, out) => test('[[', system, ['[[', ...system.argv.slice(1)], out)),
  expr: instant((system, out) => evaluateExpression(system.argv.slice(1), out)),
  sleep: sleepCommand,
  usleep: Object.assign(command(function* (system) { yield* kernelSleep(Number(system.argv[1] ?? 0)); return 0; }), {}),
  date, seq, id, env, printenv, which, hostname, uname, basename, dirname, whoami, tty, yes, factor,
  pwd: instant((system, out) => (out.write(`${system.cwd}\n`), 0)),
  nproc: instant((_system, out) => (out.write(`${machine.cpus}\n`), 0)),
  arch: instant((_system, out) => (out.write('x86_64\n'), 0)),
  clear: instant((_system, out) => (out.write('\x1b[H\x1b[J'), 0)),
  reset: instant((_system, out) => (out.write('\x1bc\x1b(B\x1b[m\x1b[J\x1b[?25h'), 0)),
  sync: instant(() => 0),
  groups: instant((system, out) => (out.write(`${[...new Set([system.gid, ...system.process.groups])].map((gid) => groupName(system.files, gid) ?? String(gid)).join(' ')}\n`), 0)),
  logname: instant((system, out) => (out.write(`${userName(system.files, system.uid) ?? ''}\n`), 0)),
  hostid: instant((_system, out) => (out.write('00000000\n'), 0)),
};

/** C's %g with six digits, for those who print numbers. */
export const sixDigits = (value: number): string => formatGeneral(value, 6);
