import { parseTime } from '../../kernel';
import { mapAt, textAt, type Fields } from '../fields';
import { alignTabs, describeTabs } from '../print/tabs';
import { goTime, rfc1123 } from '../print/times';

/** Collects a description's lines; cells end with tabs, which are laid out at the end. */
export class Writer {
  private text = '';

  /** `level` times two spaces, then the text as it is. */
  write(level: number, text: string): void {
    this.text += '  '.repeat(level) + text;
  }

  line(level: number, text: string): void {
    this.write(level, `${text}\n`);
  }

  /** What was written, aligned; control characters are made visible. */
  toString(): string {
    return alignTabs(this.text, describeTabs).replace(/\u001b/g, '^[').replace(/\r/g, '\\r');
  }

  /** What was written, with its tabs. */
  get raw(): string {
    return this.text;
  }

  clear(): void {
    this.text = '';
  }
}

/** Metadata's labels or any map, one `key=value` a line. */
export function writeMap(w: Writer, level: number, title: string, pairs: readonly (readonly [string, string])[], separator = '='): void {
  writeMapIndented(w, level, `${title}:`, '', pairs, separator);
}

/** The same with another text before the later lines. */
export function writeMapIndented(w: Writer, level: number, title: string, inner: string, pairs: readonly (readonly [string, string])[], separator = '='): void {
  w.write(level, `${title}\t`);
  if (pairs.length === 0) return w.line(0, '<none>');
  pairs.forEach(([key, value], index) => {
    if (index > 0) w.write(0, `${inner}\t`);
    w.line(0, `${key}${separator}${value}`);
  });
}

export const writeLabels = (w: Writer, object: unknown, level = 0): void => writeMap(w, level, 'Labels', mapAt(object, 'metadata', 'labels'));

const longest = 140;
const skipped = new Set(['kubectl.kubernetes.io/last-applied-configuration']);

/** Annotations: short ones beside their key, long ones below it, cut at 140 characters. */
export function writeAnnotations(w: Writer, object: unknown, level = 0): void {
  const pairs = mapAt(object, 'metadata', 'annotations').filter(([key]) => !skipped.has(key));
  w.write(level, 'Annotations:\t');
  if (pairs.length === 0) return w.line(0, '<none>');
  pairs.forEach(([key, raw], index) => {
    if (index > 0) w.write(0, '\t');
    const value = raw.replace(/\n$/, '');
    if (value.length + key.length + 2 > longest || value.includes('\n')) {
      w.line(0, `${key}:`);
      for (const line of value.split('\n')) w.line(level, `\t  ${line.length > longest - 2 ? `${line.slice(0, longest - 2)}...` : line}`);
    } else w.line(0, `${key}: ${value}`);
  });
}

/** An RFC 3339 text as describe shows times. */
export function shownTime(text: string): string {
  const time = parseTime(text);
  return time === undefined ? '' : rfc1123(time);
}

/** An RFC 3339 text as Go prints a time. */
export function shownGoTime(text: string): string {
  const time = parseTime(text);
  return time === undefined ? '0001-01-01 00:00:00 +0000 UTC' : goTime(time);
}

/** The object that controls this one: Kind/name; '' for none. */
export function controllerOf(object: Fields): string {
  const owners = (object['metadata'] as Fields | undefined)?.['ownerReferences'];
  const controller = Array.isArray(owners) ? (owners as Fields[]).find((owner) => owner['controller'] === true) : undefined;
  return controller ? `${textAt(controller, 'kind')}/${textAt(controller, 'name')}` : '';
}
