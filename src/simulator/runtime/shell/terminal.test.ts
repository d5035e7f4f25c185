import { expect, test } from 'vitest';
import { createKernel, seconds, utf8Decode, utf8Encode } from '../../kernel';
import { createNetwork } from '../../network';
import { busyboxUserland, createHost, type ProgramStreams } from '../index';

/** A workstation's terminal: types keys, and gives all that was shown, without escape sequences. */
function terminal() {
  const kernel = createKernel();
  const host = createHost({ kernel, name: 'workstation', base: busyboxUserland, network: createNetwork({ kernel }).addHost('workstation', '10.0.0.9'), files: { '/root/notes.txt': 'hello\n', '/root/folder/': '' } });
  const streams: ProgramStreams = host.openTerminal({ columns: 80, rows: 24 });
  let shown = '';
  const type = (keys: string, wait = 1): string => {
    streams.stdin?.send(utf8Encode(keys));
    kernel.run({ to: kernel.now + seconds(wait) });
    let now = '';
    for (let chunk = streams.stdout.poll(); chunk; chunk = streams.stdout.poll()) now += utf8Decode(chunk);
    shown += now;
    return now.replace(/\x1b\[[?0-9;]*[A-Za-z]/g, '');
  };
  type('');
  return { type, streams, kernel, shown: () => shown };
}

test('a line that is typed runs when Enter is pressed', () => {
  const { type } = terminal();
  expect(type('echo $((40 + 2))\r')).toContain('\r\n42\r\n');
});

test('arrows bring older lines back, Ctrl-R finds them, Ctrl-U and Ctrl-Y kill and yank', () => {
  const { type } = terminal();
  type('echo first\r');
  type('echo second\r');
  expect(type('\x1b[A\x1b[A\r')).toContain('\r\nfirst\r\n');
  expect(type('\x12sec\r')).toContain('\r\nsecond\r\n');
  expect(type('thing\x15echo any\x19\r')).toContain('\r\nanything\r\n');
});

test('Tab completes file names and commands; Hangul is edited by whole characters', () => {
  const { type } = terminal();
  expect(type('cat no\t\r')).toContain('\r\nhello\r\n');
  expect(type('hostn\t\r')).toContain('\r\nworkstation\r\n');
  expect(type('echo 안녕하\x7f\x7f\r')).toContain('\r\n안\r\n');
});

test('Ctrl-C ends a command and clears a line; Ctrl-D leaves the shell', () => {
  const { type, streams, kernel } = terminal();
  const before = kernel.now;
  type('sleep 1000\r');
  type('\x03');
  expect(type('echo $?\r')).toContain('\r\n130\r\n');
  type('while :; do :; done\r');
  type('\x03');
  expect(type('echo still here\r')).toContain('\r\nstill here\r\n');
  type('not run\x03');
  expect(type('echo next\r')).toContain('\r\nnext\r\n');
  const exit = kernel.spawn('exit', streams.exit(), null);
  type('\x04');
  expect(exit.state).toBe('done');
  expect(kernel.now - before).toBeLessThan(seconds(60));
});

test('an unfinished command asks for more, and jobs are reported', () => {
  const { type } = terminal();
  type('for i in 1 2; do\r');
  expect(type('echo n$i; done\r')).toContain('n1\r\nn2\r\n');
  type('sleep 2 &\r');
  expect(type('\r', 3) + type('\r')).toMatch(/\[1\]\+ {2}Done +sleep 2/);
});

test('vi edits a file', () => {
  const { type } = terminal();
  type('vi notes.txt\r');
  type('A there\x1bosecond\x1bggyyGp:wq\r');
  expect(type('cat notes.txt\r')).toContain('\r\nhello there\r\nsecond\r\nhello there\r\n');
});

test('an alias holds wherever a command begins, from the line after its definition', () => {
  const { type } = terminal();
  type("alias say='echo said'\r");
  for (const line of ['say it', 'true; say it', 'true && say it', 'say it | cat', 'if true; then say it; fi', 'for i in 1; do say it; done', '(say it)', 'x=$(say it); echo $x', 'echo "$(true; say it)"', 'echo `say it`']) {
    expect(type(`${line}\r`), line).toContain('\r\nsaid it\r\n');
  }
  expect(type('echo say it\r')).toContain('\r\nsay it\r\n');
  expect(type("alias late='echo late'; late\r")).toContain('late: not found');
});

test('an alias in a script on standard input leaves the rest of the script whole', () => {
  const { type } = terminal();
  expect(type('printf "alias e=echo\\ne one\\nx=\\$(e two)\\necho \\$x three\\n" | sh\r')).toContain('\r\none\r\ntwo three\r\n');
});

test('a command that prints a hundred million numbers prints as it goes, and ends with Ctrl-C', () => {
  const { type } = terminal();
  expect(type('seq 100000000\r', 0.01)).toContain('\r\n500\r\n');
  type('\x03');
  expect(type('echo back; seq 2\r')).toContain('\r\nback\r\n1\r\n2\r\n');
});
