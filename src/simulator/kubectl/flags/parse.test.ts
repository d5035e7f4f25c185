import { expect, test } from 'vitest';
import { flag, formatGoDuration, parseFlags, parseGoDuration } from '.';

const definitions = [flag('-A, --all-namespaces=false', ''), flag("-o, --output=''", ''), flag('-L, --label-columns=[]', '', { kind: 'commaList' }), flag('--env=[]', '', { kind: 'list' }), flag('--replicas=1', '', { bits: 32 }), flag('--timeout=0s', ''), flag("--dry-run='none'", '', { withoutValue: 'unchanged' })];
const parse = (...words: string[]) => parseFlags(definitions, words);

test('flags and words may be mixed, and -- ends the flags', () => {
  const { args, dash, flags } = parse('get', '-Ao', 'wide', 'pods', '--env=a=b', '--env', 'c,d', '-Lx,y', '--timeout=1m30s', '--', '-x');
  expect(args).toEqual(['get', 'pods', '-x']);
  expect(dash).toBe(2);
  expect([flags.bool('all-namespaces'), flags.string('output'), flags.list('env'), flags.list('label-columns'), flags.number('timeout')]).toEqual([true, 'wide', ['a=b', 'c,d'], ['x', 'y'], 90]);
  expect(flags.changed('replicas')).toBe(false);
});

test('a flag with a value of its own does not take the next word', () => {
  const { args, flags } = parse('--dry-run', 'client');
  expect([args, flags.string('dry-run')]).toEqual([['client'], 'unchanged']);
});

test('what is wrong is said as pflag says it', () => {
  const message = (...words: string[]) => {
    try {
      parse(...words);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };
  expect(message('--colour')).toBe('unknown flag: --colour');
  expect(message('-Ax')).toBe("unknown shorthand flag: 'x' in -x");
  expect(message('-Ao')).toBe("flag needs an argument: 'o' in -o");
  expect(message('--output')).toBe('flag needs an argument: --output');
  expect(message('--all-namespaces=perhaps')).toBe('invalid argument "perhaps" for "-A, --all-namespaces" flag: strconv.ParseBool: parsing "perhaps": invalid syntax');
  expect(message('--replicas=99999999999')).toBe('invalid argument "99999999999" for "--replicas" flag: strconv.ParseInt: parsing "99999999999": value out of range');
  expect(message('--timeout=5')).toBe('invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"');
});

test('durations are read and written as Go does', () => {
  expect([parseGoDuration('1h30m'), parseGoDuration('-1.5s'), parseGoDuration('x')]).toEqual([5400, -1.5, undefined]);
  expect([formatGoDuration(3600), formatGoDuration(90), formatGoDuration(0.5), formatGoDuration(0)]).toEqual(['1h0m0s', '1m30s', '500ms', '0s']);
});
