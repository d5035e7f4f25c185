import { parseRange, rangeHolds } from '../../../network';
import { type Task, utf8Encode } from '../../../kernel';
import { type Answer, type Exchange, expand } from './exchange';
import { findLocation } from './locations';
import { passOn, type Proxied } from './proxy';
import type { Location, Rewrite } from './settings';
import { pathOf, serveFile, statusOf, typeOf } from './static';

/** What a request ends in: an answer, an upstream's answer, or a status that wants its page. */
export type Ending = { readonly answer: Answer } | { readonly proxied: Proxied } | { readonly status: number; readonly redirect?: string; readonly text?: string };

type Step = 'next' | 'again' | 'break' | Ending;

const none = new Uint8Array(0);

/** Runs the rewrite module's steps. 'again': the location must be looked for anew. */
function rewrite(exchange: Exchange, steps: readonly Rewrite[]): Step {
  let changed = false;
  for (const step of steps) {
    if (step.kind === 'set') exchange.variables.set(step.variable, expand(exchange, step.value));
    else if (step.kind === 'break') return 'break';
    else if (step.kind === 'return') return { status: step.status, ...(step.text !== undefined && { text: expand(exchange, step.text) }) };
    else if (step.kind === 'if') {
      if (!holds(exchange, step.condition)) continue;
      const inner = rewrite(exchange, step.steps);
      if (inner !== 'next') return inner;
    } else {
      const match = step.pattern.exec(exchange.uri);
      if (!match) continue;
      exchange.captures = [...match];
      const to = expand(exchange, step.to);
      if (/^https?:\/\//.test(to) || step.flag === 'redirect' || step.flag === 'permanent') {
        const query = exchange.query === '' || to.includes('?') ? '' : `?${exchange.query}`;
        return { status: step.flag === 'permanent' ? 301 : 302, redirect: `${to.replace(/\?$/, '')}${query}` };
      }
      const [uri = '', query] = to.split('?');
      exchange.uri = uri;
      if (query !== undefined) exchange.query = exchange.query === '' || to.endsWith('?') ? query : `${query}&${exchange.query}`;
      exchange.variables.set('rewritten', '1');
      changed = true;
      if (step.flag === 'last') return 'again';
      if (step.flag === 'break') return 'break';
    }
  }
  return changed ? 'again' : 'next';
}

function holds(exchange: Exchange, words: readonly string[]): boolean {
  const text = words.join(' ').replace(/^\(\s*|\s*\)$/g, '');
  const [, left = '', operator, right = ''] = /^(\S+)(?:\s+(!?=|!?~\*?)\s+(.*))?$/.exec(text) ?? [];
  const file = /^(!?)-([fdex])\s+(.+)$/.exec(text);
  if (file) {
    const status = statusOf(exchange, expand(exchange, file[3] ?? ''));
    const is = typeof status !== 'string' && (file[2] === 'e' || (file[2] === 'd' ? status.type === 'folder' : status.type === 'file'));
    return is !== (file[1] === '!');
  }
  const value = expand(exchange, left);
  if (operator === undefined) return value !== '' && value !== '0';
  const unquoted = right.replace(/^(["'])(.*)\1$/, '$2');
  if (operator === '=' || operator === '!=') return (value === expand(exchange, unquoted)) === (operator === '=');
  const match = new RegExp(unquoted, operator.endsWith('*') ? 'i' : '').exec(value);
  if (match && !operator.startsWith('!')) exchange.captures = [...match];
  return (match !== null) === !operator.startsWith('!');
}

function forbidden({ settings, connection, logError }: Exchange): boolean {
  for (const { allow, who } of settings.access) {
    const range = who === 'all' ? undefined : parseRange(who);
    if (who !== 'all' && !(range && rangeHolds(range, connection.remote.address))) continue;
    if (!allow) logError('error', 'access forbidden by rule');
    return !allow;
  }
  return false;
}

function enter(exchange: Exchange, location: Location, captures: RegExpExecArray | undefined): void {
  exchange.location = location;
  exchange.settings = location.settings;
  if (!captures) return;
  exchange.captures = [...captures];
  Object.assign(exchange.named, captures.groups);
}

/** From a URI to an ending: server's rewrites, location, its rewrites, access, content; again after each internal redirect. */
export function* runPhases(exchange: Exchange, stub: () => string): Task<Ending> {
  const { server } = exchange;
  const first = exchange.redirects === 0 ? rewrite(exchange, server.steps) : 'next';
  if (typeof first === 'object') return first;
  for (; exchange.redirects <= 10; exchange.redirects++) {
    exchange.settings = server.settings;
    exchange.location = undefined;
    const found = findLocation(server.locations, exchange.uri);
    if (found) {
      enter(exchange, found.location, found.captures);
      if (found.location.internal && exchange.redirects === 0) return { status: 404 };
    }
    const ending = yield* inLocation(exchange, stub);
    if (ending !== 'again') return ending;
  }
  exchange.logError('error', `rewrite or internal redirection cycle while internally redirecting to "${exchange.uri}"`);
  return { status: 500 };
}

/** Also for named locations, which are entered without looking. */
function* inLocation(exchange: Exchange, stub: () => string): Task<Ending | 'again'> {
  const { location } = exchange;
  const step = location ? rewrite(exchange, location.steps) : 'next';
  if (typeof step === 'object') return step;
  if (step === 'again') return 'again';
  if (forbidden(exchange)) return { status: 403 };
  const tries = location ? location.tryFiles : exchange.server.tryFiles;
  if (tries.length > 0) {
    const outcome = tryFiles(exchange, tries);
    if (outcome === 'again') return 'again';
    if (typeof outcome === 'object') return outcome;
    if (outcome === 'named') return yield* inLocation(exchange, stub);
  }
  if (location?.proxyPass) {
    const proxied = yield* passOn(exchange);
    return typeof proxied === 'number' ? { status: proxied } : { proxied };
  }
  if (location?.stubStatus) return { answer: { status: 200, headers: [], type: 'text/plain', body: utf8Encode(stub()) } };
  if (location?.emptyGif) return { answer: { status: 200, headers: [], type: 'image/gif', body: none } };
  const outcome = serveFile(exchange);
  if (!('internal' in outcome)) return outcome;
  exchange.uri = outcome.internal;
  return 'again';
}

function tryFiles(exchange: Exchange, tries: readonly string[]): Ending | 'again' | 'named' | 'found' {
  for (const raw of tries.slice(0, -1)) {
    const uri = expand(exchange, raw);
    const wantsFolder = uri.endsWith('/');
    const status = statusOf(exchange, pathOf(exchange, uri));
    if (typeof status === 'string' || (status.type === 'folder') !== wantsFolder) continue;
    exchange.uri = uri;
    return 'found';
  }
  const last = tries.at(-1) ?? '';
  if (last.startsWith('=')) return { status: Number(last.slice(1)) };
  if (last.startsWith('@')) {
    if (enterNamed(exchange, last)) return 'named';
    return { status: 500 };
  }
  const [uri = '', query] = expand(exchange, last).split('?');
  exchange.uri = uri;
  if (query !== undefined) exchange.query = query;
  exchange.variables.set('rewritten', '1');
  return 'again';
}

function enterNamed(exchange: Exchange, name: string): boolean {
  const location = exchange.server.locations.find(({ match }) => match.kind === 'named' && match.text === name);
  if (!location) {
    exchange.logError('error', `could not find named location "${name}"`);
    return false;
  }
  enter(exchange, location, undefined);
  return true;
}

/** error_page: another URI answers in a status's stead. */
export function* errorPage(exchange: Exchange, status: number, stub: () => string): Task<Ending | undefined> {
  const page = exchange.settings.errorPages.get(status);
  if (!page || exchange.variables.has('in_error_page')) return undefined;
  exchange.variables.set('in_error_page', '1');
  const to = expand(exchange, page.to);
  if (/^https?:\/\//.test(to)) return { status: page.status || 302, redirect: to };
  exchange.redirects += 1;
  let ending: Ending;
  if (to.startsWith('@')) {
    if (!enterNamed(exchange, to)) return undefined;
    const inner = yield* inLocation(exchange, stub);
    ending = inner === 'again' ? yield* runPhases(exchange, stub) : inner;
  } else {
    exchange.uri = to;
    ending = yield* runPhases(exchange, stub);
  }
  if (!('answer' in ending)) return page.status === undefined && 'status' in ending && ending.text === undefined ? { ...ending, status: ending.status === 404 ? status : ending.status } : ending;
  return { answer: { ...ending.answer, status: page.status === undefined ? status : page.status || ending.answer.status, headers: ending.answer.headers.filter(([name]) => name !== 'Accept-Ranges') } };
}

/** A `return` with a text, or a redirect. */
export function returned(exchange: Exchange, status: number, text: string): Answer {
  if ([301, 302, 303, 307, 308].includes(status)) return { status, headers: [], body: none, location: text };
  return { status, headers: [], type: typeOf(exchange, exchange.uri), body: utf8Encode(text) };
}
