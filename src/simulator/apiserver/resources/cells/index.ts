import { parseTime, type Time } from '../../../kernel';
import type { KubeObject, LabelSelector } from '../../../api';

/** A length of time as kubectl writes it: 5s, 3m20s, 2d5h. `duration` in microseconds. */
export function humanDuration(duration: number): string {
  const seconds = Math.trunc(duration / 1e6);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return withRest(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (days < 8) return withRest(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.trunc(days / 365);
  return years < 8 ? withRest(years, 'y', days % 365, 'd') : `${years}y`;
}

const withRest = (value: number, unit: string, rest: number, restUnit: string): string => (rest === 0 ? `${value}${unit}` : `${value}${unit}${rest}${restUnit}`);

/** How long ago a time was; <unknown> for none. */
export function since(timestamp: string | undefined, now: Time): string {
  const time = timestamp === undefined ? undefined : parseTime(timestamp);
  return time === undefined ? '<unknown>' : humanDuration(now - time);
}

/** The Age column. */
export const age = ({ metadata }: KubeObject, now: Time): string => since(metadata?.creationTimestamp, now);

/** The Name column. */
export const nameOf = ({ metadata }: KubeObject): string => metadata?.name ?? '';

/** A text, or <none>. */
export const orNone = (text: string | undefined): string => (text === undefined || text === '' ? '<none>' : text);

/** a=b,c=d in the order of keys, or <none>. */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const keys = Object.keys(labels ?? {}).sort();
  return keys.length === 0 ? '<none>' : keys.map((key) => `${key}=${labels?.[key] ?? ''}`).join(',');
}

const operators: Readonly<Record<string, string>> = { In: 'in', NotIn: 'notin' };

/** A label selector as tables show it. */
export function selectorCell(selector: LabelSelector | undefined): string {
  if (selector === undefined) return '<none>';
  const parts: [string, string][] = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => [key, `${key}=${value}`]);
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const word = operators[operator];
    if (word !== undefined) parts.push([key, `${key} ${word} (${[...values].sort().join(',')})`]);
    else parts.push([key, operator === 'Exists' ? key : `!${key}`]);
  }
  if (parts.length === 0) return '<none>';
  return parts.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, text]) => text).join(',');
}

/** Names and images of containers, each joined by commas. */
export function containerCells(containers: readonly { readonly name: string; readonly image?: string }[] | undefined): [names: string, images: string] {
  return [(containers ?? []).map(({ name }) => name).join(','), (containers ?? []).map(({ image = '' }) => image).join(',')];
}

/** The first `limit` of a list, and how many more there are. */
export function firstOf(items: readonly string[], limit: number): string {
  if (items.length === 0) return '<none>';
  return items.length > limit ? `${items.slice(0, limit).join(',')} + ${items.length - limit} more...` : items.join(',');
}
