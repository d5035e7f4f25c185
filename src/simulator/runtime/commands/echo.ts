import type { Output } from '../process/program';
import { unescapeText } from './escapes';

/** echo: -n, -e, -E. */
export function echo(argv: readonly string[], out: Output): number {
  let index = 1;
  let newline = true;
  let escapes = false;
  for (; index < argv.length; index++) {
    const option = argv[index] as string;
    if (!/^-[neE]+$/.test(option)) break;
    for (const letter of option.slice(1)) {
      if (letter === 'n') newline = false;
      else escapes = letter === 'e';
    }
  }
  let text = argv.length === index + 1 ? (argv[index] as string) : argv.slice(index).join(' ');
  if (escapes) {
    const result = unescapeText(text, true);
    text = result.text;
    if (result.stop) newline = false;
  }
  const whole = newline ? `${text}\n` : text;
  if (escapes) out.writeRaw(whole);
  else out.write(whole);
  return 0;
}
